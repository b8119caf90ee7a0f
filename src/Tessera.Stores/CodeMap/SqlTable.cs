using System.Data.Common;

namespace Tessera.Stores.CodeMap;

/// <summary>One table of maps: its columns, and how a record becomes a row and a row a record.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Name">The table.</param>
/// <param name="Columns">Its columns, the map first, then the rest of the key, then the others.</param>
/// <param name="Keys">How many columns make the key.</param>
/// <param name="Values">The values of a record, in the order of the columns after the map: string, int, long or byte[].</param>
/// <param name="Read">Reads a record from a row of all columns.</param>
internal sealed record SqlTable<T>(string Name, string[] Columns, int Keys, Func<T, object[]> Values, Func<DbDataReader, T> Read);
