using Sim7600.Protocol.Results;

namespace Sim7600.Protocol.Tests.Results;

public sealed class CmeErrorTests
{
    // AT command manual V3.00, chapter 23, not from our code; the words as AT+CMEE=2 shows them.
    private static readonly (int Number, string Text)[] Manual =
    [
        (0, "Phone failure"),
        (1, "no connection to phone"),
        (2, "phone adaptor link reserved"),
        (3, "operation not allowed"),
        (4, "operation not supported"),
        (5, "PH-SIM PIN required"),
        (6, "PH-FSIM PIN required"),
        (7, "PH-FSIM PUK required"),
        (10, "SIM not inserted"),
        (11, "SIM PIN required"),
        (12, "SIM PUK required"),
        (13, "SIM failure"),
        (14, "SIM busy"),
        (15, "SIM wrong"),
        (16, "incorrect password"),
        (17, "SIM PIN2 required"),
        (18, "SIM PUK2 required"),
        (20, "memory full"),
        (21, "invalid index"),
        (22, "not found"),
        (23, "memory failure"),
        (24, "text string too long"),
        (25, "invalid characters in text string"),
        (26, "dial string too long"),
        (27, "invalid characters in dial string"),
        (30, "no network service"),
        (31, "network timeout"),
        (32, "network not allowed - emergency calls only"),
        (40, "network personalization PIN required"),
        (41, "network personalization PUK required"),
        (42, "network subset personalization PIN required"),
        (43, "network subset personalization PUK required"),
        (44, "service provider personalization PIN required"),
        (45, "service provider personalization PUK required"),
        (46, "corporate personalization PIN required"),
        (47, "corporate personalization PUK required"),
        (100, "Unknown"),
        (103, "Illegal message"),
        (106, "Illegal ME"),
        (107, "GPRS services not allowed"),
        (111, "PLMN not allowed"),
        (112, "Location area not allowed"),
        (113, "Roaming not allowed in this location area"),
        (132, "service option not supported"),
        (133, "requested service option not subscribed"),
        (134, "service option temporarily out of order"),
        (148, "unspecified GPRS error"),
        (149, "PDP authentication failure"),
        (150, "invalid mobile class"),
        (257, "network rejected request"),
        (258, "retry operation"),
        (259, "invalid deflected to number"),
        (260, "deflected to own number"),
        (261, "unknown subscriber"),
        (262, "service not available"),
        (263, "unknown class specified"),
        (264, "unknown network message"),
        (273, "minimum TFTS per PDP address violated"),
        (274, "TFT precedence index not unique"),
        (275, "Invalid parameter combination"),
    ];

    [Test]
    public void The_table_is_the_manuals() =>
        Assert.That(CmeError.All.Select(pair => (pair.Key, pair.Value)), Is.EquivalentTo(Manual));

    [Test]
    public void Each_number_has_its_text_and_each_text_its_number()
    {
        foreach ((int number, string text) in Manual)
        {
            Assert.That(CmeError.TextOf(number), Is.EqualTo(text));
            Assert.That(CmeError.NumberOf(text), Is.EqualTo(number), text);
            Assert.That(CmeError.NumberOf(text.ToUpperInvariant()), Is.EqualTo(number), "firmware differs in its capitals");
        }
    }

    [TestCase(CmeError.OperationNotAllowed, 3)]
    [TestCase(CmeError.SimNotInserted, 10)]
    [TestCase(CmeError.SimPinRequired, 11)]
    [TestCase(CmeError.SimPukRequired, 12)]
    [TestCase(CmeError.SimFailure, 13)]
    [TestCase(CmeError.SimBusy, 14)]
    [TestCase(CmeError.SimWrong, 15)]
    [TestCase(CmeError.IncorrectPassword, 16)]
    [TestCase(CmeError.NoNetworkService, 30)]
    [TestCase(CmeError.Unknown, 100)]
    public void A_name_is_its_number(int name, int number) => Assert.That(name, Is.EqualTo(number));

    [Test]
    public void A_number_that_is_not_listed_is_shown_as_unknown([Values(-1, 8, 9, 276, int.MaxValue)] int number) =>
        Assert.That(CmeError.TextOf(number), Is.EqualTo("Unknown"));

    [Test]
    public void A_text_that_is_not_listed_has_no_number([Values("", "SIM", "SIM busy now", "14")] string text) =>
        Assert.That(CmeError.NumberOf(text), Is.Null);
}
