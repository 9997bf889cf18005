using System.Text;
using CsCheck;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Urcs;

namespace Sim7600.Protocol.Tests.Urcs;

public sealed class UrcTableTests
{
    private static readonly Gen<string> Start =
        Gen.OneOf(new[] { "", "+CMQTTRXPAYLOAD: ", "+CMQTTRXTOPIC: 0,", "+IPD", "+CREG: ", "RDY" }.Select(Gen.Const).ToArray());

    // Lines as modems printed them or as the AT command manual V3.00 shows them, and the entry that must be found.
    [TestCase("RDY", "RDY")]
    [TestCase("+CPIN: READY", "+CPIN:")]
    [TestCase("SMS DONE", "SMS DONE")]
    [TestCase("PB DONE", "PB DONE")]
    [TestCase("Autobaud: OK", "Autobaud: OK")]
    [TestCase("+SIMCARD: NOT AVAILABLE", "+SIMCARD: NOT AVAILABLE")]
    [TestCase("+CREG: 2", "+CREG:")]
    [TestCase("+CGREG: 1,\"00C3\",\"0A1B2C\"", "+CGREG:")]
    [TestCase("+CEREG: 5", "+CEREG:")]
    [TestCase("+CNSMOD: 8", "+CNSMOD:")]
    [TestCase("+CSQ: 29,99", "+CSQ:")]
    [TestCase("+CPSI: NO SERVICE,Online", "+CPSI:")]
    [TestCase("+CTZV: 32,21/11/05,08:15:00,0", "+CTZV:")]
    [TestCase("+CGEV: NW DETACH", "+CGEV:")]
    [TestCase("+CMQTTCONNLOST: 0,3", "+CMQTTCONNLOST:")]
    [TestCase("+CMQTTPING: 0,17", "+CMQTTPING:")]
    [TestCase("+CMQTTNONET", "+CMQTTNONET")]
    [TestCase("+CMQTTRXSTART: 0,9,5", "+CMQTTRXSTART:")]
    [TestCase("+CMQTTRXTOPIC: 0,9", "+CMQTTRXTOPIC:")]
    [TestCase("+CMQTTRXPAYLOAD: 0,5", "+CMQTTRXPAYLOAD:")]
    [TestCase("+CMQTTRXEND: 0", "+CMQTTRXEND:")]
    [TestCase("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY", "+CIPEVENT:")]
    [TestCase("+IPCLOSE: 0,1", "+IPCLOSE:")]
    [TestCase("+CIPRXGET: 1,0", "+CIPRXGET: 1,")]
    [TestCase("+CIPRXGET: 2,0,10,0", "+CIPRXGET: 2,")]
    [TestCase("+RECEIVE,0,10", "+RECEIVE,")]
    [TestCase("+CIPSEND: 0,5,-1", "+CIPSEND:")]
    [TestCase("+CCHSEND: 0,0", "+CCHSEND:")]
    [TestCase("+CCHRECV: DATA,0,10", "+CCHRECV: DATA,")]
    [TestCase("+CCH_RECV_ERROR: 0,6", "+CCH_RECV_ERROR:")]
    [TestCase("RECV FROM:203.0.113.7:8000", "RECV FROM:")]
    [TestCase("+IPD285", "+IPD")]
    [TestCase("+CLIENT: 0,0,192.0.2.1:52000", "+CLIENT:")]
    [TestCase("+CCH_PEER_CLOSED: 0", "+CCH_PEER_CLOSED:")]
    [TestCase("+CCHEVENT: 0,RECV EVENT", "+CCHEVENT:")]
    [TestCase("+HTTP_PEER_CLOSED", "+HTTP_PEER_CLOSED")]
    [TestCase("+HTTP_NONET_EVENT", "+HTTP_NONET_EVENT")]
    [TestCase("+CMTI: \"SM\",3", "+CMTI:")]
    [TestCase("+CDSI: \"SM\",4", "+CDSI:")]
    [TestCase("+CUSD: 0,\"Balance 5\",15", "+CUSD:")]
    [TestCase("RING", "RING")]
    [TestCase("+CLIP: \"+10000000000\",145,,,,0", "+CLIP:")]
    [TestCase("VOICE CALL: END: 000017", "VOICE CALL:")]
    [TestCase("MISSED_CALL: 10:12AM 10000000000", "MISSED_CALL:")]
    [TestCase("+CGPS: 0", "+CGPS: 0")]
    [TestCase("+CMTE: -1", "+CMTE:")]
    [TestCase("UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE")] // the modem's own spelling
    [TestCase("OVER-VOLTAGE WARNNING", "OVER-VOLTAGE")]
    public void An_unsolicited_line_is_known(string line, string prefix)
    {
        Assert.That(UrcTable.TryMatch(Encoding.ASCII.GetBytes(line), out Urc? urc));
        Assert.That(urc!.Prefix, Is.EqualTo(prefix));
    }

    // Answers and result lines of commands, echoes, final results, data: nothing that a modem says unasked.
    [TestCase("")]
    [TestCase("OK")]
    [TestCase("ERROR")]
    [TestCase("NO CARRIER")]
    [TestCase("+CME ERROR: SIM busy")]
    [TestCase("AT+CREG?")]
    [TestCase("+CMQTTSTART: 0")]
    [TestCase("+CMQTTSTOP: 0")]
    [TestCase("+CMQTTACCQ: 0,19")]
    [TestCase("+CMQTTREL: 0,20")]
    [TestCase("+CMQTTCONNECT: 0,0")]
    [TestCase("+CMQTTDISC: 0,0")]
    [TestCase("+CMQTTTOPIC: 0,11")]
    [TestCase("+CMQTTPAYLOAD: 0,14")]
    [TestCase("+CMQTTPUB: 0,0")]
    [TestCase("+CMQTTSUB: 0,0")]
    [TestCase("+CMQTTUNSUB: 0,0")]
    [TestCase("+CMQTTRX")]
    [TestCase("+CMQTTNONET: 0")]
    [TestCase("+CIPRXGET: 1")]
    [TestCase("+CIPRXGET: 3,0,10,0")]
    [TestCase("+CCHRECV: LEN,10,0")]
    [TestCase("+CCHRECV: 0,0")]
    [TestCase("+CCHOPEN: 0,0")]
    [TestCase("+CIPRXGET: 4,0,10")]
    [TestCase("+IPADDR: 10.22.245.74")]
    [TestCase("+NETOPEN: 0")]
    [TestCase("+CGPS: 0,1")]
    [TestCase("+CGPS: 1,1")]
    [TestCase("RDY2")]
    [TestCase(" RDY")]
    [TestCase("rdy")]
    [TestCase("R")]
    [TestCase("RINGING")]
    [TestCase("SMS DONE!")]
    [TestCase("+CREG")]
    public void Other_lines_are_not(string line)
    {
        Assert.That(UrcTable.TryMatch(Encoding.ASCII.GetBytes(line), out Urc? urc), Is.False);
        Assert.That(urc, Is.Null);
    }

    // The counts: AT command manual V3.00, chapters 11 and 16; +IPD has neither colon nor comma (field notes 43).
    [TestCase("+CMQTTRXTOPIC: 0,9", 9)]
    [TestCase("+CMQTTRXTOPIC: 1,1024", 1024)]
    [TestCase("+CMQTTRXPAYLOAD: 0,1500", 1500)]
    [TestCase("+CMQTTRXPAYLOAD: 1,1", 1)]
    [TestCase("+CMQTTRXPAYLOAD:0, 67 ", 67)]
    [TestCase("+IPD285", 285)]
    [TestCase("+CIPRXGET: 2,3,1500,36", 1500)]
    [TestCase("+CIPRXGET: 2,3,0,0", 0)]
    [TestCase("+RECEIVE,0,7", 7)]
    [TestCase("+RECEIVE,9,1460:", 1460)]
    [TestCase("+CCHRECV: DATA,1,2048", 2048)]
    [TestCase("+RECEIVE,0", 0)]
    // Two totals, but no bytes right behind this line.
    [TestCase("+CMQTTRXSTART: 0,9,5", 0)]
    [TestCase("+CMQTTRXEND: 0", 0)]
    [TestCase("RECV FROM:203.0.113.7:8000", 0)]
    [TestCase("+CIPRXGET: 1,5", 0)]
    [TestCase("+CREG: 1,20", 0)]
    [TestCase("RDY", 0)]
    [TestCase("OK", 0)]
    // Garbled on the line: no count is better than a wrong one, which would swallow all that follows.
    [TestCase("+CMQTTRXPAYLOAD: 0", 0)]
    [TestCase("+CMQTTRXPAYLOAD: 0,", 0)]
    [TestCase("+CMQTTRXPAYLOAD:", 0)]
    [TestCase("+CMQTTRXPAYLOAD: 0,0", 0)]
    [TestCase("+CMQTTRXPAYLOAD: 0,-5", 0)]
    [TestCase("+CMQTTRXPAYLOAD: 0,\"5\"", 0)]
    [TestCase("+CMQTTRXPAYLOAD: 0,5x", 0)]
    [TestCase("+CMQTTRXPAYLOAD: \"0,5", 0)]
    [TestCase("+CMQTTRXPAYLOAD: 0,2147483647", int.MaxValue)]
    [TestCase("+CMQTTRXPAYLOAD: 0,2147483648", 0)]
    [TestCase("+CMQTTRXPAYLOAD: 0,99999999999999999999", 0)]
    [TestCase("+IPD", 0)]
    [TestCase("+IPD,1,1460", 0)]
    public void A_line_says_how_many_bytes_follow_it(string line, int count) =>
        Assert.That(UrcTable.CountedBytesAfter(Encoding.ASCII.GetBytes(line)), Is.EqualTo(count));

    [Test]
    public void Only_these_lines_are_followed_by_counted_bytes() =>
        Assert.That(
            UrcTable.All.Where(urc => urc.CountedBytesParameter is not null).Select(urc => (urc.Prefix, urc.CountedBytesParameter)),
            Is.EquivalentTo(new (string, int?)[] { ("+CMQTTRXTOPIC:", 1), ("+CMQTTRXPAYLOAD:", 1), ("+IPD", 0), ("+CIPRXGET: 2,", 1), ("+RECEIVE,", 1), ("+CCHRECV: DATA,", 1) }));

    [Test]
    public void Only_RDY_says_that_the_module_has_booted() =>
        Assert.That(UrcTable.All.Where(urc => urc.IsBootBanner).Select(urc => urc.Prefix), Is.EqualTo(new[] { "RDY" }));

    // Each of them is also the answer to a query ("AT+CREG?", "AT+CSQ", …): AT command manual V3.00; CLIP and CUSD: 3GPP TS 27.007, 7.6
    // and 7.15.
    [Test]
    public void Lines_that_may_be_an_answer_are_marked() =>
        Assert.That(
            UrcTable.All.Where(urc => urc.SharesPrefixWithAnswer).Select(urc => urc.Prefix),
            Is.EquivalentTo(new[]
            {
                "+CPIN:", "+CREG:", "+CGREG:", "+CEREG:", "+CNSMOD:", "+CSQ:", "+CPSI:", "+CUSD:", "+CLIP:", "+CGPS: 0", "+CMTE:", "+CIPSEND:", "+CCHSEND:",
            }));

    // n=1 and n=2 of AT+CREG, CGREG and CEREG: the URC begins with the state, the answer with the setting (AT command manual V3.00; transcript 092).
    [TestCase("+CREG: 2", true)]
    [TestCase("+CGREG: 0", true)]
    [TestCase("+CEREG: 5", true)]
    [TestCase("+CREG: 1,\"00C3\",\"0A1B2C\"", true)]
    [TestCase("+CGREG: 1,00C3,0A1B2C,7", true)]
    [TestCase("+CEREG: 5,0012,06F95A79,7", true)]
    [TestCase("+CEREG: 1,775C,6F95A79,7", true)]
    [TestCase("+CREG: 0,1", false)]
    [TestCase("+CREG: 2,1", false)]
    [TestCase("+CGREG: 2,1,\"00C3\",\"0A1B2C\"", false)]
    [TestCase("+CEREG: 2,5,775C,6F95A79,7", false)]
    [TestCase("+CREG: (0-2)", false)]
    [TestCase("+CREG:", false)]
    [TestCase("+CREG: ", false)]
    [TestCase("+CREG: \"1\"", false)]
    [TestCase("+CSQ: 2", false)]
    [TestCase("+CPIN: READY", false)]
    [TestCase("AT+CREG?", false)]
    [TestCase("", false)]
    public void A_change_of_registration_is_told_from_an_answer(string line, bool isUrc) =>
        Assert.That(UrcTable.IsRegistrationUrc(Encoding.ASCII.GetBytes(line)), Is.EqualTo(isUrc));

    [Test]
    public void Every_entry_can_be_found_and_hides_no_other()
    {
        foreach (Urc urc in UrcTable.All)
        {
            Assert.That(UrcTable.TryMatch(Encoding.ASCII.GetBytes(urc.Prefix), out Urc? found));
            Assert.That(found, Is.SameAs(urc));
            Assert.That(urc.Meaning, Is.Not.Empty);
            Assert.That(
                UrcTable.All.Where(other => !urc.IsWholeLine && other != urc && other.Prefix.StartsWith(urc.Prefix, StringComparison.Ordinal)),
                Is.Empty, urc.Prefix);
        }
    }

    [Test]
    public void Any_bytes_are_answered() =>
        Gen.Select(Start, Gen.Byte.Array[0, 20]).Sample(
            (start, rest) =>
            {
                byte[] line = [.. Encoding.ASCII.GetBytes(start), .. rest];
                bool isKnown = UrcTable.TryMatch(line, out Urc? urc);
                Assert.That(urc is not null, Is.EqualTo(isKnown));
                Assert.That(UrcTable.CountedBytesAfter(line), urc?.CountedBytesParameter is null ? Is.Zero : Is.Not.Negative, AtText.Escape(line));
                Assert.That(!UrcTable.IsRegistrationUrc(line) || isKnown, AtText.Escape(line));
            },
            iter: 5_000);
}
