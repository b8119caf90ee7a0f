using Spectre.Console;

namespace Tessera.Cli.Rendering;

/// <summary>Tables of figures, all in one look.</summary>
internal static class FigureTable
{
    /// <summary>A table of figures, aligned to the right.</summary>
    public static Table Columns(params string[] headings)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string heading in headings)
            table.AddColumn(new TableColumn(Markup.Escape(heading)) { Alignment = Justify.Right, NoWrap = true });
        return table;
    }

    /// <summary>A table of names and values.</summary>
    public static Table Pairs()
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumn(new TableColumn("") { NoWrap = true });
        table.AddColumn(new TableColumn(""));
        return table;
    }
}
