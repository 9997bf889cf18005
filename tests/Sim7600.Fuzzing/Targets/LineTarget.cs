using System.Text;
using Sim7600.Emulator.Line;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing.Targets;

/// <summary>The first byte says how the rest is cut into writes, and what follows a command: another, counted data, or text.</summary>
internal sealed class LineTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "line";

    /// <inheritdoc/>
    public string Meaning => "the modem's receiver, any bytes in any writes: no exception, no standstill, a bounded half line, the same command lines however they are cut";

    /// <inheritdoc/>
    public int LongestInput => 4_000;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
        [.. ((string[])["AT", "A/", "at+csq\r", "\r\n", "\b", "\0", "\x1A", "\x1B", "\x03", "AT+CMGS=\"1\"\r", "AT+CMQTTTOPIC=0,5\r"]).Select(Encoding.Latin1.GetBytes)];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds => SessionBytes.Typed().Select(bytes => (byte[])[3, .. bytes]);

    /// <inheritdoc/>
    public Task RunAsync(byte[] input)
    {
        if (input.Length > 0)
        {
            int mode = input[0] >> 6;
            int size = (input[0] & 0x3F) + 1;
            List<string> whole = Read([input[1..]], mode);
            List<string> cut = Read(input[1..].Chunk(size), mode);

            // Where data follows, the LF of a CR LF that comes later than its CR is told by the host's habit only.
            Unless(mode is 1 or 2 || cut.SequenceEqual(whole), $"cut differently it became something else: writes of {size}, {string.Join('|', cut)} instead of {string.Join('|', whole)}");
        }

        return Task.CompletedTask;
    }

    private static List<string> Read(IEnumerable<byte[]> writes, int mode)
    {
        var reader = new CommandLineReader();
        List<string> events = [];
        foreach (byte[] write in writes)
        {
            ReadOnlySpan<byte> rest = write;
            while (!rest.IsEmpty)
            {
                LineEventKind kind = reader.Read(rest, out int consumed, out byte[] bytes);
                Unless(consumed > 0 && consumed <= rest.Length, "bytes are taken, and only those that are there");
                Unless(kind != LineEventKind.NeedMore || consumed == rest.Length, "what needs more has taken all");
                Unless(reader.HalfLine <= CommandLineReader.MaximumLine, "a half line is bounded");
                Unless(CommandLineReader.Echo(rest[..consumed], reader.IsAfterCarriageReturn).Length <= consumed, "an echo is no longer than what was typed");
                rest = rest[consumed..];
                if (kind != LineEventKind.NeedMore)
                {
                    events.Add($"{kind} {Encoding.Latin1.GetString(bytes)}");
                }

                if (kind == LineEventKind.Command && mode == 1)
                {
                    reader.ExpectData((bytes.Length % 7) + 1);
                }
                else if (kind == LineEventKind.Command && mode == 2)
                {
                    reader.ExpectText(escapes: bytes.Length % 2 == 0, reportsLines: bytes.Length % 3 == 0);
                }
            }
        }

        return events;
    }
}
