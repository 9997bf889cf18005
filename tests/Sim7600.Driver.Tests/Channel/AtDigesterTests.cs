using System.Text;
using CsCheck;
using Sim7600.Driver.Channel;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Urcs;

namespace Sim7600.Driver.Tests.Channel;

public sealed class AtDigesterTests
{
    private static readonly string AllBytes = Encoding.Latin1.GetString([.. Enumerable.Range(0, 256).Select(value => (byte)value)]);

    // What the modem sends, and the tokens it must become: L line, P prompt, D data, C cut line.
    private static readonly (string Bytes, string[] Tokens)[] Dialogues =
    [
        ("AT\r\r\nOK\r\n", ["L AT", "L OK"]),
        ("AT+CSQ\r\r\n+CSQ: 4,99\r\n\r\nOK\r\n", ["L AT+CSQ", "L +CSQ: 4,99", "L OK"]),
        ("\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n", ["L OK", "L +CMQTTCONNECT: 0,0"]),
        ("\r\n+CMQTTSTART: 23\r\n\r\nERROR\r\n", ["L +CMQTTSTART: 23", "L ERROR"]),
        ("\r\n>", ["P"]),
        ("\r\n> ", ["P"]),
        ("AT+CMQTTTOPIC=0,5\r\r\n>\r\nOK\r\n", ["L AT+CMQTTTOPIC=0,5", "P", "L OK"]),
        ("\r\n> \r\nOK\r\n", ["P", "L OK"]),
        ("\r\n>>\r\n> a > b\r\n", ["P", "P", "P", "L a > b"]),
        ("\r\n+CSQ: 1,2 > 0\r\n", ["L +CSQ: 1,2 > 0"]),
        ("OK\rOK\nOK\r\n\n\r\rOK\r\n", ["L OK", "L OK", "L OK", "L OK"]),
        ("\r\n+CMQTTRXSTART: 0,9,5\r\n+CMQTTRXTOPIC: 0,9\r\ndev-1/cmd\r\n+CMQTTRXPAYLOAD: 0,5\r\nhello\r\n+CMQTTRXEND: 0\r\n",
            ["L +CMQTTRXSTART: 0,9,5", "L +CMQTTRXTOPIC: 0,9", "D dev-1/cmd", "L +CMQTTRXPAYLOAD: 0,5", "D hello", "L +CMQTTRXEND: 0"]),
        ("\r\n+CMQTTRXSTART: 0,10,2\r\n\r\n+CMQTTRXTOPIC: 0,10\r\ndownstream\r\n+CMQTTRXPAYLOAD: 0,2\r\n{}\r\n+CMQTTRXEND: 0\r\n",
            ["L +CMQTTRXSTART: 0,10,2", "L +CMQTTRXTOPIC: 0,10", "D downstream", "L +CMQTTRXPAYLOAD: 0,2", "D {}", "L +CMQTTRXEND: 0"]),
        Payload("\r\nOK\r\n"),
        Payload(">"),
        Payload("+CMQTTRXEND: 0"),
        Payload("\n"),
        Payload("\r"),
        Payload("\0\0\0"),
        Payload("\n\r\n> AT+CMQTTPUB=0,1,60\r"),
        Payload(AllBytes),
        ("\r\n+CMQTTRXPAYLOAD: 0,2\nab\nOK\n", ["L +CMQTTRXPAYLOAD: 0,2", "D ab", "L OK"]),
        ("\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n", ["L RDY", "L +CPIN: READY", "L SMS DONE", "L PB DONE"]),
        (new string('x', AtDigester.LongestLine) + "\r\nOK\r\n", ["L " + new string('x', AtDigester.LongestLine), "L OK"]),
        (new string('x', AtDigester.LongestLine + 1) + "\r\nOK\r\n", ["C " + new string('x', AtDigester.LongestLine), "L OK"]),
        (new string('x', 3 * AtDigester.LongestLine) + "OK\r\nOK\r\n", ["C " + new string('x', AtDigester.LongestLine), "L OK"]),
    ];

    private static readonly string[] Pieces =
        ["\r\n", "\r", "\n", "OK", ">", " ", "> ", "+CMQTTRXPAYLOAD: 0,3\r\n", "+CMQTTRXTOPIC: 0,70000\r\n", "+CREG: 1\r\n", "abc", "\0"];

    private static readonly Gen<byte[]> Wire = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.Int[0, Pieces.Length - 1].Select(index => Encoding.Latin1.GetBytes(Pieces[index])).Array[0, 12].Select(parts => parts.SelectMany(part => part).ToArray()));

    private static IEnumerable<TestCaseData> EachDialogue() =>
        Dialogues.Select((dialogue, index) => new TestCaseData(dialogue.Bytes, dialogue.Tokens).SetArgDisplayNames($"{index}"));

    [TestCaseSource(nameof(EachDialogue))]
    public void A_dialogue_in_one_read_becomes_its_tokens(string bytes, string[] tokens) =>
        Assert.That(Digest([Encoding.Latin1.GetBytes(bytes)]), Is.EqualTo(tokens));

    [TestCaseSource(nameof(EachDialogue))]
    public void Every_split_in_two_gives_the_same_tokens(string bytes, string[] tokens)
    {
        byte[] all = Encoding.Latin1.GetBytes(bytes);
        for (int at = 0; at <= all.Length; at++)
        {
            Assert.That(Digest([all[..at], all[at..]]), Is.EqualTo(tokens), $"split at {at}");
        }
    }

    [TestCaseSource(nameof(EachDialogue))]
    public void Byte_by_byte_gives_the_same_tokens(string bytes, string[] tokens) =>
        Assert.That(Digest(Encoding.Latin1.GetBytes(bytes).Select(value => new[] { value })), Is.EqualTo(tokens));

    [Test]
    public void Any_bytes_in_any_reads_give_the_same_tokens_and_never_stand_still() =>
        Gen.Select(Wire, Gen.Int[1, 7]).Sample(
            (bytes, size) =>
            {
                List<string> whole = Digest([bytes]);
                Assert.That(Digest(bytes.Chunk(size)), Is.EqualTo(whole));
            },
            iter: 5_000);

    [Test]
    public void Any_bytes_under_any_expectation_are_consumed_or_waited_for() =>
        Gen.Select(Wire, Gen.Int[0, 4], Gen.Byte.Array[1, 6]).Sample(
            (bytes, choice, echo) =>
            {
                AtToken header = AtDigester.Digest("x\r"u8, AtExpectation.Lines);
                AtToken prompt = AtDigester.Digest(">"u8, AtExpectation.Lines);
                AtExpectation expectation = choice switch
                {
                    0 => AtExpectation.Lines,
                    1 => header.Next,
                    2 => prompt.Next,
                    3 => AtExpectation.CountedAfter(header, echo.Length),
                    _ => AtExpectation.EchoOf(echo),
                };
                AtToken token = AtDigester.Digest(bytes, expectation);
                Assert.That(token.Consumed, Is.InRange(token.Kind == AtTokenKind.NeedMore ? 0 : 1, bytes.Length));
            },
            iter: 5_000);

    [Test]
    public void The_echo_of_data_is_found_behind_the_prompt_or_on_the_next_line([Values("a/b", "\r\na/b", " a/b")] string echoed)
    {
        AtToken token = AtDigester.Digest(Encoding.Latin1.GetBytes(echoed + "\r\nOK\r\n"), AtExpectation.EchoOf("a/b"u8.ToArray()));

        Assert.That(token.Kind, Is.EqualTo(AtTokenKind.EchoedData));
        Assert.That(token.Consumed, Is.EqualTo(echoed.Length));
    }

    [Test]
    public void A_modem_that_does_not_echo_data_is_read_as_usual()
    {
        AtToken token = AtDigester.Digest("\r\nOK\r\n"u8, AtExpectation.EchoOf("a/b"u8.ToArray()));

        Assert.That(token.Kind, Is.EqualTo(AtTokenKind.Line));
        Assert.That(token.Bytes.SequenceEqual("OK"u8));
    }

    [Test]
    public void A_count_beyond_the_limit_is_refused([Values(0, -1, AtDigester.MostCountedBytes + 1)] int count) =>
        Assert.That(() => AtExpectation.CountedAfter(AtDigester.Digest("x\r"u8, AtExpectation.Lines), count), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Nothing_is_allocated()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Dialogues[11].Bytes);
        CountTokens(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();

        int tokens = CountTokens(bytes);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(tokens, Is.EqualTo(6));
    }

    private static (string, string[]) Payload(string payload) =>
        ($"\r\n+CMQTTRXPAYLOAD: 0,{payload.Length}\r\n{payload}\r\n+CMQTTRXEND: 0\r\n", [$"L +CMQTTRXPAYLOAD: 0,{payload.Length}", "D " + payload, "L +CMQTTRXEND: 0"]);

    private static int CountTokens(ReadOnlySpan<byte> bytes)
    {
        int tokens = 0;
        AtExpectation expectation = AtExpectation.Lines;
        while (true)
        {
            AtToken token = AtDigester.Digest(bytes, expectation);
            bytes = bytes[token.Consumed..];
            expectation = token.Next;
            if (token.Kind == AtTokenKind.NeedMore)
            {
                return tokens;
            }

            tokens++;
            int count = token.Kind == AtTokenKind.Line ? UrcTable.CountedBytesAfter(token.Bytes) : 0;
            if (count > 0)
            {
                expectation = AtExpectation.CountedAfter(token, count);
            }
        }
    }

    private static List<string> Digest(IEnumerable<byte[]> reads)
    {
        List<string> tokens = [];
        List<byte> buffer = [];
        AtExpectation expectation = AtExpectation.Lines;
        foreach (byte[] read in reads)
        {
            buffer.AddRange(read);
            while (true)
            {
                byte[] held = [.. buffer];
                AtToken token = AtDigester.Digest(held, expectation);
                Assert.That(token.Consumed, Is.InRange(token.Kind == AtTokenKind.NeedMore ? 0 : 1, held.Length), AtText.Escape(held));
                buffer.RemoveRange(0, token.Consumed);
                expectation = token.Next;
                if (token.Kind == AtTokenKind.NeedMore)
                {
                    break;
                }

                tokens.Add(token.Kind switch
                {
                    AtTokenKind.Line => "L " + Encoding.Latin1.GetString(token.Bytes),
                    AtTokenKind.CountedData => "D " + Encoding.Latin1.GetString(token.Bytes),
                    AtTokenKind.CutLine => "C " + Encoding.Latin1.GetString(token.Bytes),
                    _ => "P",
                });
                int count = token.Kind == AtTokenKind.Line ? UrcTable.CountedBytesAfter(token.Bytes) : 0;
                if (count is > 0 and <= AtDigester.MostCountedBytes)
                {
                    expectation = AtExpectation.CountedAfter(token, count);
                }
            }

            Assert.That(buffer, Has.Count.LessThanOrEqualTo(AtDigester.MostCountedBytes));
        }

        return tokens;
    }
}
