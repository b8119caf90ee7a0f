namespace Tessera.Colors.Palettes;

/// <summary>What people call a colour, roughly.</summary>
public enum ColorClass
{
    /// <summary>Red.</summary>
    Red,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Yellow.</summary>
    Yellow,

    /// <summary>Green, olive included.</summary>
    Green,

    /// <summary>Teal and cyan.</summary>
    Teal,

    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Purple and magenta.</summary>
    Purple,

    /// <summary>Pink.</summary>
    Pink,

    /// <summary>Brown: what is orange or red and dark or dull.</summary>
    Brown,

    /// <summary>Black.</summary>
    Black,

    /// <summary>Grey.</summary>
    Grey,

    /// <summary>White.</summary>
    White,
}
