using System.Text;
using Sim7600.Driver.Channel;
using Sim7600.Protocol.Urcs;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing.Targets;

/// <summary>The first byte says how the rest is cut into reads, and whether an echo is waited for.</summary>
internal sealed class DigesterTarget : IFuzzTarget
{
    /// <summary>Longer inputs are not read byte by byte: it takes too long.</summary>
    private const int MostSingleBytes = 1_000;

    private static readonly byte[] Echoed = "a/b"u8.ToArray();

    /// <inheritdoc/>
    public string Name => "digester";

    /// <inheritdoc/>
    public string Meaning => "any bytes in any reads: no exception, the same tokens however they are cut, a bounded rest";

    /// <inheritdoc/>
    public int LongestInput => 9_000;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. UrcTable.All.Select(urc => Encoding.ASCII.GetBytes(urc.Prefix)),
        .. ((string[])["\r\n", "OK\r\n", "\r\n>", "> ", "ERROR", "+CMQTTRXTOPIC: 0,5\r\n", "+CMQTTRXPAYLOAD: 0,3\r\n", "+IPD12\r\n", "+CMQTTRXPAYLOAD: 0,70000\r\n", "a/b"]).Select(Encoding.ASCII.GetBytes),
    ];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds => SessionBytes.Received().SelectMany(bytes => (byte[][])[[3, .. bytes], [0x83, .. bytes]]);

    /// <inheritdoc/>
    public Task RunAsync(byte[] input)
    {
        if (input.Length > 0)
        {
            bool echoes = (input[0] & 0x80) != 0;
            byte[] bytes = input[1..];
            List<string> whole = Digest([bytes], echoes);
            foreach (int size in (int[])[bytes.Length <= MostSingleBytes ? 1 : 100, (input[0] & 0x7F) + 1, 4096])
            {
                List<string> cut = Digest(bytes.Chunk(size), echoes);
                Unless(cut.SequenceEqual(whole), $"cut differently it became something else: reads of {size}, {string.Join('|', cut)} instead of {string.Join('|', whole)}");
            }
        }

        return Task.CompletedTask;
    }

    private static List<string> Digest(IEnumerable<byte[]> reads, bool echoes)
    {
        List<string> tokens = [];
        byte[] held = [];
        AtExpectation expectation = AtExpectation.Lines;
        int counted = 0;
        bool echoToCome = false;
        foreach (byte[] read in reads)
        {
            held = [.. held, .. read];
            int start = 0;
            while (true)
            {
                if (echoToCome && counted == 0)
                {
                    expectation = AtExpectation.EchoOf(Echoed);
                }

                AtToken token = AtDigester.Digest(held.AsSpan(start), expectation);
                Unless(token.Consumed >= (token.Kind == AtTokenKind.NeedMore ? 0 : 1) && token.Consumed <= held.Length - start, "a token must take bytes, and only bytes that are there");
                start += token.Consumed;
                expectation = token.Next;
                if (token.Kind == AtTokenKind.NeedMore)
                {
                    break;
                }

                counted = token.Kind == AtTokenKind.Line ? UrcTable.CountedBytesAfter(token.Bytes) : 0;
                counted = counted is > 0 and <= AtDigester.MostCountedBytes ? counted : 0;
                if (counted > 0)
                {
                    expectation = AtExpectation.CountedAfter(token, counted);
                }

                echoToCome = (echoes && token.Kind == AtTokenKind.Prompt) || (echoToCome && token.Kind != AtTokenKind.EchoedData && token.Kind != AtTokenKind.CutLine);
                tokens.Add($"{token.Kind} {Encoding.Latin1.GetString(token.Bytes)}");
            }

            held = held[start..];
            Unless(held.Length <= Math.Max(counted, AtDigester.LongestLine) + 2 + Echoed.Length, "what waits for more bytes must not grow without end");
        }

        return tokens;
    }
}
