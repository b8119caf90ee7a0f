using System.Globalization;

namespace Tessera.Attention.Configuration;

/// <summary>Takes settings out of a dictionary by name and type, and notices names that nobody asked for.</summary>
internal sealed class ConfigReader
{
    private readonly IReadOnlyDictionary<string, object?> _dictionary;
    private readonly HashSet<string> _unread;

    public ConfigReader(IReadOnlyDictionary<string, object?> dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        _dictionary = dictionary;
        _unread = [.. dictionary.Keys];
    }

    public int Int(string name, int byDefault) => Find(name) switch
    {
        null => byDefault,
        int value => value,
        long value and >= int.MinValue and <= int.MaxValue => (int)value,
        double value when value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue => (int)value,
        object value => throw Wrong(name, value, "a whole number"),
    };

    public double Number(string name, double byDefault) => Find(name) switch
    {
        null => byDefault,
        double value => value,
        float value => value,
        int value => value,
        long value => value,
        object value => throw Wrong(name, value, "a number"),
    };

    public bool Bool(string name, bool byDefault) => Find(name) switch
    {
        null => byDefault,
        bool value => value,
        object value => throw Wrong(name, value, "true or false"),
    };

    public string Text(string name, string byDefault) => Find(name) switch
    {
        null => byDefault,
        string value => value,
        object value => throw Wrong(name, value, "a text"),
    };

    public IReadOnlyDictionary<string, object?> Dictionary(string name, IReadOnlyDictionary<string, object?> byDefault) => Find(name) switch
    {
        null => byDefault,
        IReadOnlyDictionary<string, object?> value => value,
        object value => throw Wrong(name, value, "a dictionary"),
    };

    public T Choice<T>(string name, T byDefault, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        object? found = Find(name);
        if (found is null)
            return byDefault;
        foreach ((string choice, T value) in choices)
        {
            if (found is string text && text == choice)
                return value;
        }

        var names = new List<string>();
        foreach ((string choice, _) in choices)
            names.Add(choice);
        throw Wrong(name, found, $"one of {string.Join(", ", names)}");
    }

    /// <summary>Refuses settings that say they are of another type; they need not say one.</summary>
    public void RequireType(string type)
    {
        if (Text("index_type", type) is string found && found != type)
            throw Wrong("index_type", found, type);
    }

    public void RequireAllRead()
    {
        if (_unread.Count > 0)
            throw new ArgumentException($"There is no setting '{_unread.Order(StringComparer.Ordinal).First()}'; what has no setting of its own goes into metadata.");
    }

    private object? Find(string name)
    {
        _unread.Remove(name);
        return _dictionary.GetValueOrDefault(name);
    }

    private static ArgumentException Wrong(string name, object value, string right) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name} is '{value}'; it must be {right}."), name);
}
