using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sim7600.Emulator.Scenarios;

/// <summary>
/// A JSON value that knows on which line of which file it stands, so that what is wrong with it can be said where it is.
/// Comments and trailing commas are allowed.
/// </summary>
internal sealed class JsonDocumentNode
{
    /// <summary>Far above any session that was ever posted; without a limit a device such as <c>/dev/zero</c> would be read for ever.</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    private const int LongestQuote = 60;

    private readonly Dictionary<string, JsonDocumentNode> _members = new(StringComparer.Ordinal);
    private readonly List<JsonDocumentNode> _items = [];
    private string _text = "";

    private JsonDocumentNode(string file, int line, JsonTokenType kind)
    {
        File = file;
        Line = line;
        Kind = kind;
    }

    public string File { get; }

    public int Line { get; }

    public JsonTokenType Kind { get; }

    /// <summary>The members of an object in their order.</summary>
    public IReadOnlyDictionary<string, JsonDocumentNode> Members => _members;

    /// <summary>Reads a file, or what comes out of a pipe.</summary>
    /// <exception cref="ScenarioException">It is no JSON.</exception>
    /// <exception cref="IOException">It cannot be read, is a folder, or is larger than 16 MiB.</exception>
    public static JsonDocumentNode Load(string path) => Parse(ReadAll(path), path);

    /// <summary>Reads a text.</summary>
    /// <exception cref="ScenarioException">It is no JSON.</exception>
    public static JsonDocumentNode Parse(byte[] json, string file)
    {
        ReadOnlySpan<byte> bytes = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json.AsSpan(Encoding.UTF8.Preamble.Length) : json;
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var lines = new LineCounter();
        try
        {
            if (!reader.Read())
            {
                throw new ScenarioException(file, 1, "expected a JSON object, the file is empty.");
            }

            JsonDocumentNode root = Take(ref reader, bytes, file, ref lines);
            return reader.Read() ? throw new ScenarioException(file, lines.At(bytes, reader.TokenStartIndex), "expected the end of the file.") : root;
        }
        catch (JsonException error)
        {
            throw new ScenarioException(file, (int)(error.LineNumber ?? 0) + 1, $"expected JSON: {Reason(error)}");
        }
    }

    /// <summary>Says what is wrong with this value.</summary>
    public ScenarioException Wrong(string expected) => new(File, Line, $"expected {expected}, found {Describe()}.");

    /// <summary>The value as an object whose members are all known.</summary>
    public JsonDocumentNode AsObject(string what, params IReadOnlyCollection<string> known)
    {
        if (Kind != JsonTokenType.StartObject)
        {
            throw Wrong($"an object for {what}");
        }

        foreach ((string name, JsonDocumentNode member) in _members)
        {
            if (known.Count > 0 && !known.Contains(name))
            {
                throw new ScenarioException(File, member.Line, $"{what} knows {string.Join(", ", known)}; found \"{Quote(name)}\".");
            }
        }

        return this;
    }

    /// <summary>A member, or null.</summary>
    public JsonDocumentNode? Find(string name) => _members.GetValueOrDefault(name) is { Kind: not JsonTokenType.Null } member ? member : null;

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<JsonDocumentNode> AsList(string what) => Kind == JsonTokenType.StartArray ? _items : throw Wrong($"a list for {what}");

    /// <summary>The value as text.</summary>
    public string AsText(string what) => Kind == JsonTokenType.String ? _text : throw Wrong($"a text for {what}");

    /// <summary>The value as one of a few words.</summary>
    public T AsWord<T>(string what, IReadOnlyDictionary<string, T> words) =>
        Kind == JsonTokenType.String && words.TryGetValue(_text, out T? value) ? value : throw Wrong($"{what} to be one of {string.Join(", ", words.Keys)}");

    /// <summary>The value as true or false.</summary>
    public bool AsFlag(string what) => Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong($"true or false for {what}"),
    };

    /// <summary>The value as a whole number in a range.</summary>
    public int AsNumber(string what, int minimum, int maximum) =>
        Kind == JsonTokenType.Number && int.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong($"a whole number from {minimum} to {maximum} for {what}");

    private static JsonDocumentNode Take(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, string file, ref LineCounter lines)
    {
        var node = new JsonDocumentNode(file, lines.At(bytes, reader.TokenStartIndex), reader.TokenType);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    int line = lines.At(bytes, reader.TokenStartIndex);
                    string name = TextOf(ref reader, file, line);
                    reader.Read();
                    if (!node._members.TryAdd(name, Take(ref reader, bytes, file, ref lines)))
                    {
                        throw new ScenarioException(file, line, $"expected each name once, \"{Quote(name)}\" stands there again.");
                    }
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    node._items.Add(Take(ref reader, bytes, file, ref lines));
                }

                break;
            case JsonTokenType.String:
                node._text = TextOf(ref reader, file, node.Line);
                break;
            case JsonTokenType.Number:
                node._text = Encoding.UTF8.GetString(reader.ValueSpan);
                break;
            default:
                break;
        }

        return node;
    }

    private static byte[] ReadAll(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"{path} is a folder, not a file of JSON.");
        }

        using FileStream file = System.IO.File.OpenRead(path);
        using var content = new MemoryStream();
        byte[] piece = new byte[64 * 1024];
        int count;
        while ((count = file.Read(piece)) > 0)
        {
            content.Write(piece, 0, count);
            if (content.Length > LargestFile)
            {
                throw new IOException($"{path} is larger than {LargestFile / 1024 / 1024} MiB; no scenario and no session is.");
            }
        }

        return content.ToArray();
    }

    /// <summary>A name or a text. One half of a pair of UTF-16 escapes is well-formed JSON and yet no text.</summary>
    private static string TextOf(ref Utf8JsonReader reader, string file, int line)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ScenarioException(file, line, "expected text in UTF-8, found bytes or escapes that are none.");
        }
    }

    private static string Quote(string text) => text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}…";

    private static string Reason(JsonException error)
    {
        int position = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? error.Message : error.Message[..position];
    }

    private string Describe() => Kind switch
    {
        JsonTokenType.String => $"\"{Quote(_text)}\"",
        JsonTokenType.Number => Quote(_text),
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "null",
    };

    /// <summary>Counts lines as positions grow.</summary>
    private struct LineCounter
    {
        private int _position;
        private int _lines;

        public int At(ReadOnlySpan<byte> bytes, long position)
        {
            if (position > _position)
            {
                _lines += bytes[_position..(int)position].Count((byte)'\n');
                _position = (int)position;
            }

            return _lines + 1;
        }
    }
}
