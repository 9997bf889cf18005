using System.Text;
using CsCheck;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;
using Sim7600.Protocol.Urcs;

namespace Sim7600.Protocol.Tests.Results;

public sealed class AtFinalResultTests
{
    private static readonly Gen<string> Start =
        Gen.OneOf(new[] { "", "OK", "ERROR", "+CME ERROR:", "+CMS ERROR: ", "CONNECT", "CONNECT ", "BUSY" }.Select(Gen.Const).ToArray());

    // AT command manual V3.00, chapters 1 and 23; the texts as a SIM7600 with its factory setting AT+CMEE=2 shows them.
    [TestCase("OK", AtFinalResultKind.Ok, null, "OK")]
    [TestCase("ERROR", AtFinalResultKind.Error, null, "ERROR")]
    [TestCase("+CME ERROR: 14", AtFinalResultKind.CmeError, 14, "14")]
    [TestCase("+CME ERROR: SIM busy", AtFinalResultKind.CmeError, 14, "SIM busy")]
    [TestCase("+CME ERROR: sim BUSY", AtFinalResultKind.CmeError, 14, "sim BUSY")]
    [TestCase("+CME ERROR: SIM not inserted", AtFinalResultKind.CmeError, 10, "SIM not inserted")]
    [TestCase("+CME ERROR: Unknown", AtFinalResultKind.CmeError, 100, "Unknown")]
    [TestCase("+CME ERROR: 999", AtFinalResultKind.CmeError, 999, "999")]
    [TestCase("+CME ERROR: a text of tomorrow", AtFinalResultKind.CmeError, null, "a text of tomorrow")]
    [TestCase("+CME ERROR:14", AtFinalResultKind.CmeError, 14, "14")]
    [TestCase("+CME ERROR: -1", AtFinalResultKind.CmeError, null, "-1")]
    [TestCase("+CME ERROR: 99999999999", AtFinalResultKind.CmeError, null, "99999999999")]
    [TestCase("+CME ERROR: ", AtFinalResultKind.CmeError, null, "")]
    [TestCase("+CMS ERROR: 500", AtFinalResultKind.CmsError, 500, "500")]
    [TestCase("+CMS ERROR: 330", AtFinalResultKind.CmsError, 330, "330")]
    // A SIM7600 answered a refused SMS so (field notes 47). The text stands for 500 in CMS; in CME a like one would be 100.
    [TestCase("+CMS ERROR: Unknown error", AtFinalResultKind.CmsError, null, "Unknown error")]
    [TestCase("+CMS ERROR: SIM busy", AtFinalResultKind.CmsError, null, "SIM busy")]
    [TestCase("CONNECT", AtFinalResultKind.Connect, null, "CONNECT")]
    [TestCase("CONNECT 115200", AtFinalResultKind.Connect, null, "CONNECT 115200")]
    [TestCase("CONNECT FAIL", AtFinalResultKind.ConnectionFailed, null, "CONNECT FAIL")]
    [TestCase("NO CARRIER", AtFinalResultKind.ConnectionFailed, null, "NO CARRIER")]
    [TestCase("NO DIALTONE", AtFinalResultKind.ConnectionFailed, null, "NO DIALTONE")]
    [TestCase("NO ANSWER", AtFinalResultKind.ConnectionFailed, null, "NO ANSWER")]
    [TestCase("BUSY", AtFinalResultKind.ConnectionFailed, null, "BUSY")]
    public void A_final_result_tells_what_it_is(string line, AtFinalResultKind kind, int? number, string text)
    {
        Assert.That(AtFinalResult.TryParse(Encoding.ASCII.GetBytes(line), out AtFinalResult result));
        Assert.That(result, Is.EqualTo(new AtFinalResult(kind, number, text)));
        Assert.That(result.IsSuccess, Is.EqualTo(kind is AtFinalResultKind.Ok or AtFinalResultKind.Connect));
    }

    // Text that begins or ends like a final result, result lines of a family, prompts, URCs.
    [TestCase("")]
    [TestCase("OKAY")]
    [TestCase("OK2")]
    [TestCase("OK 1")]
    [TestCase("OK ")]
    [TestCase(" OK")]
    [TestCase("ok")]
    [TestCase("O")]
    [TestCase("0")]
    [TestCase("ERROR: 5")]
    [TestCase("ERRORS")]
    [TestCase("AN ERROR")]
    [TestCase("error")]
    [TestCase("+CME ERROR")]
    [TestCase("+CME ERR: 14")]
    [TestCase("x+CME ERROR: 14")]
    [TestCase("+CMQTTCONNECT: 0,0")]
    [TestCase("+CMQTTSTART: 23")]
    [TestCase("+IP ERROR: Network not opened")]
    [TestCase("+CIPERROR: 4")]
    [TestCase("CONNECTED")]
    [TestCase("CONNECT OK")]
    [TestCase("CONNECT 115200 8N1")]
    [TestCase("NO CARRIERS")]
    [TestCase("BUSY NOW")]
    [TestCase("RING")]
    [TestCase("CLOSED")]
    [TestCase("DOWNLOAD")]
    [TestCase(">")]
    [TestCase("AT")]
    [TestCase("Autobaud: OK")]
    public void Other_lines_end_no_command(string line)
    {
        Assert.That(AtFinalResult.TryParse(Encoding.ASCII.GetBytes(line), out AtFinalResult result), Is.False);
        Assert.That(result, Is.Default);
    }

    [Test]
    public void No_unsolicited_line_ends_a_command() =>
        Assert.That(UrcTable.All.Select(urc => urc.Prefix).Where(prefix => AtFinalResult.TryParse(Encoding.ASCII.GetBytes(prefix), out _)), Is.Empty);

    [Test]
    public void Any_bytes_are_answered_and_only_whole_words_are_success() =>
        Gen.Select(Start, Gen.Byte.Array[0, 8]).Sample(
            (start, rest) =>
            {
                byte[] line = [.. Encoding.ASCII.GetBytes(start), .. rest];
                bool isFinal = AtFinalResult.TryParse(line, out AtFinalResult result);
                string text = Encoding.Latin1.GetString(line);
                bool isConnect = text == "CONNECT" || (text.StartsWith("CONNECT ", StringComparison.Ordinal) && text[8..].All(char.IsAsciiDigit));
                Assert.That(isFinal && result.IsSuccess, Is.EqualTo(text == "OK" || isConnect), AtText.Escape(line));
            },
            iter: 5_000);
}
