using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sim7600.Emulator.Scenarios;

/// <summary>
/// A JSON value that knows where in which file it stands, so that what is wrong with it can be said where it is.
/// Comments and trailing commas are allowed.
/// </summary>
internal sealed class JsonDocumentNode
{
    /// <summary>Far above any session that was ever posted; without a limit a device such as <c>/dev/zero</c> would be read for ever.</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    private const int LongestQuote = 60;

    private readonly Dictionary<string, JsonDocumentNode> _members = new(StringComparer.Ordinal);
    private readonly List<JsonDocumentNode> _items = [];
    private readonly JsonSource _source;
    private readonly JsonDocumentNode? _parent;
    private readonly string _step;
    private readonly int _offset;
    private readonly int _nameOffset;
    private string _text = "";

    private JsonDocumentNode(JsonSource source, JsonDocumentNode? parent, string step, int nameOffset, int offset, int line, JsonTokenType kind)
    {
        _source = source;
        _parent = parent;
        _step = step;
        _nameOffset = nameOffset;
        _offset = offset;
        Line = line;
        Kind = kind;
    }

    public string File => _source.File;

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
        byte[] bytes = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        var source = new JsonSource(file, bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var lines = new LineCounter();
        try
        {
            reader.Read();
            JsonDocumentNode root = Take(ref reader, bytes, source, null, "", 0, ref lines);
            return reader.Read() ? throw source.Error((int)reader.TokenStartIndex, "", "expected the end of the file.") : root;
        }
        catch (JsonException error)
        {
            int offset = source.OffsetOf(error.LineNumber ?? 0, error.BytePositionInLine ?? 0);
            bool isEmpty = reader.TokenType == JsonTokenType.None && bytes.AsSpan().TrimStart(" \t\r\n"u8) is [] or [(byte)'/', ..];
            throw source.Error(offset, "", isEmpty && source.IsBlankFrom(offset) ? "expected JSON, an object in braces; the file is empty."
                : source.IsBlankFrom(offset) ? "expected JSON: the file ends in the middle of it; is a quote, a ] or a } missing?"
                : $"expected JSON: {Reason(error)}");
        }
    }

    /// <summary>Says what is wrong with this value.</summary>
    public ScenarioException Wrong(string expected) => Error($"expected {expected}, found {Describe()}.");

    /// <summary>Says what is wrong where this value stands.</summary>
    public ScenarioException Error(string text) => _source.Error(_offset, Path, text);

    /// <summary>Says what is wrong with the name of this member, where the name stands.</summary>
    public ScenarioException WrongName(string text) => _source.Error(_nameOffset, _parent?.Path ?? "", text);

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
                throw member.WrongName($"{what} knows {string.Join(", ", known)}; found \"{Quote(name)}\".");
            }
        }

        return this;
    }

    /// <summary>A member, or null when there is none.</summary>
    public JsonDocumentNode? Find(string name) => _members.GetValueOrDefault(name);

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

    /// <summary>The value as a whole number in a range, however it is written: <c>3</c>, <c>3.0</c> and <c>0.3e1</c> are the same.</summary>
    public int AsNumber(string what, int minimum, int maximum) =>
        Kind == JsonTokenType.Number && WholeNumber(_text) is { } number && number >= minimum && number <= maximum
            ? (int)number
            : throw Wrong($"a whole number from {minimum} to {maximum} for {what}");

    /// <summary>The way from the root, such as <c>faults[3].atMs</c>.</summary>
    private string Path => _parent is not { Path: var before } ? ""
        : before.Length > 0 && !_step.StartsWith('[') ? $"{before}.{_step}"
        : before + _step;

    /// <summary>The number, or null when it is no whole one or far too large for an <see cref="int"/>.</summary>
    private static decimal? WholeNumber(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
        && decimal.IsInteger(number)
        && (number != 0 || double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) == 0) // a decimal has no digits for 1e-30
            ? number
            : null;

    private static JsonDocumentNode Take(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, JsonSource source, JsonDocumentNode? parent, string step, int nameOffset, ref LineCounter lines)
    {
        int offset = (int)reader.TokenStartIndex;
        var node = new JsonDocumentNode(source, parent, step, nameOffset, offset, lines.At(bytes, offset), reader.TokenType);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    int at = (int)reader.TokenStartIndex;
                    string name = TextOf(ref reader, node);
                    reader.Read();
                    JsonDocumentNode member = Take(ref reader, bytes, source, node, name, at, ref lines);
                    if (!node._members.TryAdd(name, member))
                    {
                        throw member.WrongName($"expected each name once, \"{Quote(name)}\" stands there again.");
                    }
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    string index = string.Create(CultureInfo.InvariantCulture, $"[{node._items.Count}]");
                    node._items.Add(Take(ref reader, bytes, source, node, index, (int)reader.TokenStartIndex, ref lines));
                }

                break;
            case JsonTokenType.String:
                node._text = TextOf(ref reader, node);
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

        if (!System.IO.File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}.", path);
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
    private static string TextOf(ref Utf8JsonReader reader, JsonDocumentNode node)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw node._source.Error((int)reader.TokenStartIndex, node.Path, "expected text in UTF-8, found bytes or escapes that are none.");
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
