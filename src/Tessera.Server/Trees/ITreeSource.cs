namespace Tessera.Server.Trees;

/// <summary>A hierarchy that somebody can walk through.</summary>
internal interface ITreeSource
{
}
