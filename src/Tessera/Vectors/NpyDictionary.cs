using System.Globalization;
using System.Text;

namespace Tessera.Vectors;

/// <summary>The Python dictionary in the header of a .npy file.</summary>
/// <param name="Type">NumPy's name of the element type, such as <c>&lt;f4</c>; "a structure" for a list of fields.</param>
/// <param name="FortranOrder">Whether columns lie together in place of rows.</param>
/// <param name="Shape">The extents.</param>
internal sealed record NpyDictionary(string Type, bool FortranOrder, UInt128[] Shape)
{
    /// <summary>Null for text that is no such dictionary.</summary>
    public static NpyDictionary? Parse(ReadOnlySpan<byte> header)
    {
        string text = Encoding.Latin1.GetString(header).TrimEnd();
        if (!text.StartsWith('{') || !text.EndsWith('}'))
            return null;
        ReadOnlySpan<char> rest = text.AsSpan(1, text.Length - 2).Trim();
        string? type = null;
        bool? fortranOrder = null;
        UInt128[]? shape = null;
        while (rest.Length > 0)
        {
            if (!TakeString(ref rest, out string key) || !Take(ref rest, ':'))
                return null;
            bool taken = key switch
            {
                "descr" => type is null && TakeType(ref rest, out type),
                "fortran_order" => fortranOrder is null && TakeBool(ref rest, out fortranOrder),
                "shape" => shape is null && TakeShape(ref rest, out shape),
                _ => false,
            };
            if (!taken || (!Take(ref rest, ',') && rest.Length > 0))
                return null;
        }
        return type is not null && fortranOrder is not null && shape is not null ? new(type, fortranOrder.Value, shape) : null;
    }

    private static bool Take(ref ReadOnlySpan<char> rest, char expected)
    {
        ReadOnlySpan<char> trimmed = rest.TrimStart();
        if (trimmed.IsEmpty || trimmed[0] != expected)
            return false;
        rest = trimmed[1..].TrimStart();
        return true;
    }

    private static bool TakeString(ref ReadOnlySpan<char> rest, out string value)
    {
        value = "";
        if (rest.IsEmpty || rest[0] is not ('\'' or '"'))
            return false;
        int length = rest[1..].IndexOf(rest[0]);
        if (length < 0)
            return false;
        value = rest.Slice(1, length).ToString();
        rest = rest[(length + 2)..].TrimStart();
        return true;
    }

    /// <summary>A name; or the list of fields of a structure, which is passed over, since it is refused anyway.</summary>
    private static bool TakeType(ref ReadOnlySpan<char> rest, out string? type)
    {
        type = "a structure";
        if (rest.IsEmpty || rest[0] != '[')
        {
            bool taken = TakeString(ref rest, out string name);
            type = name;
            return taken;
        }
        int end = rest.LastIndexOf(']');
        if (end < 0)
            return false;
        rest = rest[(end + 1)..].TrimStart();
        return true;
    }

    private static bool TakeBool(ref ReadOnlySpan<char> rest, out bool? value)
    {
        value = rest.StartsWith("True") ? true : rest.StartsWith("False") ? false : null;
        if (value is null)
            return false;
        rest = rest[(value.Value ? 4 : 5)..].TrimStart();
        return true;
    }

    private static bool TakeShape(ref ReadOnlySpan<char> rest, out UInt128[]? shape)
    {
        shape = null;
        if (!Take(ref rest, '('))
            return false;
        var extents = new List<UInt128>();
        while (!Take(ref rest, ')'))
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            // Python 2 wrote an L behind some numbers. 19 digits stay far below the limit of 128 bits.
            if (digits is < 1 or > 19 || !ulong.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out ulong extent))
                return false;
            extents.Add(extent);
            rest = rest[digits..];
            if (rest.StartsWith("L"))
                rest = rest[1..];
            rest = rest.TrimStart();
            if (!Take(ref rest, ',') && !rest.StartsWith(")"))
                return false;
        }
        shape = [.. extents];
        return true;
    }
}
