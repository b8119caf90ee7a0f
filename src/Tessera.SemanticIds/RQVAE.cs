namespace Tessera.SemanticIds;
/// <summary>x</summary>
public static class RQVAE { internal const string TypeName = "RQVAE"; internal static SemanticEncoder Load(string f) => throw new NotSupportedException(f); }
