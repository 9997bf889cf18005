using Sim7600.Protocol.Results;

namespace Sim7600.Protocol.Tests.Results;

public sealed class CmqttResultTests
{
    // AT command manual V3.00, 16.3.1 (0 to 34) and A76XX MQTT note V1.02 (35), not from our code: the number, our name for it, and a word
    // that its sentence cannot do without.
    private static readonly (int Number, string Name, string Says)[] Manual =
    [
        (0, "Success", "done"),
        (1, "Failure", "failure"),
        (2, "BadUtf8String", "UTF-8"),
        (3, "SocketConnectFailed", "TCP connection"),
        (4, "SocketCreateFailed", "socket could be created"),
        (5, "SocketCloseFailed", "socket could not be closed"),
        (6, "ReceiveFailed", "dropped the link"),
        (7, "NetworkOpenFailed", "could not be opened"),
        (8, "NetworkCloseFailed", "could not be closed"),
        (9, "NetworkNotOpened", "not started"),
        (10, "ClientIndexError", "index"),
        (11, "NoConnection", "not connected"),
        (12, "InvalidParameter", "parameter"),
        (13, "OperationNotSupported", "not allowed"),
        (14, "ClientBusy", "still running"),
        (15, "RequireConnectionFailed", "CONNECT request"),
        (16, "SocketSendFailed", "sending"),
        (17, "Timeout", "in time"),
        (18, "TopicEmpty", "no topic"),
        (19, "ClientUsed", "acquired already"),
        (20, "ClientNotAcquired", "not acquired"),
        (21, "ClientNotReleased", "still acquired"),
        (22, "LengthOutOfRange", "length"),
        (23, "NetworkOpened", "started already"),
        (24, "PacketError", "packet"),
        (25, "DnsError", "name could not be resolved"),
        (26, "SocketClosedByServer", "broker closed"),
        (27, "RefusedProtocolVersion", "version"),
        (28, "RefusedClientId", "client id"),
        (29, "RefusedServerUnavailable", "not available"),
        (30, "RefusedUserNameOrPassword", "user name or password"),
        (31, "RefusedNotAuthorized", "not authorise"),
        (32, "HandshakeFailed", "TLS handshake"),
        (33, "CertificateNotSet", "certificate"),
        (34, "SslSessionFailed", "TLS session"),
        (35, "DisconnectFailed", "disconnecting"),
    ];

    private static IEnumerable<TestCaseData> EachNumber() =>
        Manual.Select(row => new TestCaseData(row.Number, row.Name, row.Says).SetArgDisplayNames($"{row.Number} {row.Name}"));

    [TestCaseSource(nameof(EachNumber))]
    public void A_number_has_its_name_a_sentence_and_advice(int number, string name, string says)
    {
        CmqttResult result = CmqttResult.FromNumber(number);

        Assert.That(result.Number, Is.EqualTo(number));
        Assert.That(result.Code.ToString(), Is.EqualTo(name));
        Assert.That(result.Meaning, Does.Contain(says));
        Assert.That(result.IsSuccess, Is.EqualTo(number == 0));
        Assert.That(result.ToString(), Is.EqualTo($"{number} ({name}: {result.Meaning})"));

        // Parts of a sentence: an exception's message goes on around them.
        foreach (string part in new[] { result.Meaning, result.Advice })
        {
            Assert.That(part, Is.Not.Empty.And.Not.EndsWith(".").And.EqualTo(part.Trim()));
            Assert.That(part, Has.None.Matches<char>(char.IsControl));
        }
    }

    [Test]
    public void The_table_is_the_manuals_in_its_order_and_nothing_more()
    {
        Assert.That(CmqttResult.All.Select(result => result.Number), Is.EqualTo(Manual.Select(row => row.Number)));
        Assert.That(CmqttResult.All.Select(result => result.Meaning), Is.Unique);
        Assert.That(Enum.GetValues<CmqttResultCode>().Select(code => (int)code), Is.EquivalentTo(Manual.Select(row => row.Number).Append(-1)));
    }

    // MQTT 3.1.1, table 3.1: the CONNACK return codes. The modem's numbers have them in the same order, 26 higher.
    [TestCase(1, CmqttResultCode.RefusedProtocolVersion)]
    [TestCase(2, CmqttResultCode.RefusedClientId)]
    [TestCase(3, CmqttResultCode.RefusedServerUnavailable)]
    [TestCase(4, CmqttResultCode.RefusedUserNameOrPassword)]
    [TestCase(5, CmqttResultCode.RefusedNotAuthorized)]
    public void A_refused_connect_has_the_number_of_its_return_code(int returnCode, CmqttResultCode code) =>
        Assert.That(CmqttResult.FromNumber(26 + returnCode).Code, Is.EqualTo(code));

    // The next step that sessions of real users show.
    [TestCase(9, "AT+CMQTTSTART")]
    [TestCase(11, "+CMQTTCONNLOST")]
    [TestCase(12, "tcp://")]
    [TestCase(13, "AT+CMQTTDISC?")]
    [TestCase(14, "repeat")]
    [TestCase(17, "unknown")]
    [TestCase(18, "AT+CMQTTTOPIC")]
    [TestCase(19, "AT+CMQTTREL")]
    [TestCase(20, "AT+CMQTTACCQ")]
    [TestCase(21, "AT+CMQTTSTOP")]
    [TestCase(22, "10240")]
    [TestCase(23, "normal after a restart of the host alone")]
    [TestCase(30, "do not retry unchanged")]
    [TestCase(31, "do not retry unchanged")]
    [TestCase(32, "SNI")]
    public void Advice_names_the_next_step(int number, string step) =>
        Assert.That(CmqttResult.FromNumber(number).Advice, Does.Contain(step));

    [Test]
    public void A_number_that_no_manual_lists_is_kept_and_is_no_success([Values(36, 99, int.MaxValue, -1, int.MinValue)] int number)
    {
        CmqttResult result = CmqttResult.FromNumber(number);

        Assert.That(result.Number, Is.EqualTo(number));
        Assert.That(result.IsSuccess, Is.False);
        Assert.That(result.Meaning, Does.Contain("no manual"));
        Assert.That(result.Advice, Does.Contain("AT+CGMR"));
        Assert.That(CmqttResult.All, Has.No.Member(result));
    }

    [Test]
    public void A_bare_error_is_no_success_and_no_number_of_the_modem()
    {
        Assert.That(CmqttResult.Unspecified.Code, Is.EqualTo(CmqttResultCode.Unspecified));
        Assert.That(CmqttResult.Unspecified.IsSuccess, Is.False);
        Assert.That(CmqttResult.Unspecified.Meaning, Does.Contain("without a number"));
        Assert.That(CmqttResult.Unspecified.Advice, Is.Not.Empty);
        Assert.That(CmqttResult.All, Has.No.Member(CmqttResult.Unspecified));
    }
}
