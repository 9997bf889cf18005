using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>Short messages: stores, prompt, indications, text and PDU.</summary>
[Parallelizable(ParallelScope.All)]
public class SmsCommandTests
{
    private static readonly DateTimeOffset Sent = new(2022, 8, 9, 14, 5, 14, TimeSpan.FromMinutes(330));

    [TestCase("AT+CSMS=?\r", "\r\n+CSMS: (0-1)\r\n\r\nOK\r\n")]
    [TestCase("AT+CSMS?\r", "\r\n+CSMS: 0,1,1,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CSMS=1;+CSMS?\r", "\r\n+CSMS: 1,1,1\r\n\r\n+CSMS: 1,1,1,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CPMS=?\r", "\r\n+CPMS: (\"ME\",\"MT\",\"SM\",\"SR\"),(\"ME\",\"MT\",\"SM\"),(\"ME\",\"SM\")\r\n\r\nOK\r\n")]
    [TestCase("AT+CPMS?\r", "\r\n+CPMS: \"SM\",0,50,\"SM\",0,50,\"SM\",0,50\r\n\r\nOK\r\n")]
    [TestCase("AT+CPMS=\"ME\",\"ME\",\"ME\"\r", "\r\n+CPMS: 0,23,0,23,0,23\r\n\r\nOK\r\n")]
    [TestCase("AT+CPMS=\"XX\"\r", "\r\n+CMS ERROR: Operation not allowed\r\n")]
    [TestCase("AT+CNMI?\r", "\r\n+CNMI: 2,1,0,0,0\r\n\r\nOK\r\n")]
    [TestCase("AT+CNMI=2,2;+CNMI?\r", "\r\n+CNMI: 2,2,0,0,0\r\n\r\nOK\r\n")]
    [TestCase("AT+CNMI=0,2\r", "\r\n+CMS ERROR: Operation not allowed\r\n")]
    [TestCase("AT+CMEE=1;+CNMI=0,2\r", "\r\n+CMS ERROR: 302\r\n")]
    [TestCase("AT+CMEE=0;+CNMI=0,2\r", "\r\nERROR\r\n")]
    [TestCase("AT+CMGD=?\r", "\r\n+CMGD: (),(0-4)\r\n\r\nOK\r\n")]
    [TestCase("AT+CMGR=1\r", "\r\n+CMS ERROR: Invalid memory index\r\n")]
    [TestCase("AT+CMGF=1;+CMGS=\"+123456789012345678901\"\r", "\r\nERROR\r\n", Description = "21 digits")]
    [TestCase("AT+CMGF=1;+CMGS=\"+12345678901234567890\"\r", "\r\n> ", Description = "20 digits")]
    [TestCase("AT+CMGF?\r", "\r\n+CMGF: 0\r\n\r\nOK\r\n")]
    [TestCase("AT+CSDH=1;+CSDH?\r", "\r\n+CSDH: 1\r\n\r\nOK\r\n")]
    [TestCase("AT+CSMP?\r", "\r\n+CSMP: 17,167,0,0\r\n\r\nOK\r\n")]
    [TestCase("AT+CSCA?\r", "\r\n+CSCA: \"+10000000000\",145\r\n\r\nOK\r\n")]
    [TestCase("AT+CSCA=\"12345\";+CSCA?\r", "\r\n+CSCA: \"12345\",129\r\n\r\nOK\r\n")]
    public async Task A_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    public async Task Stored_messages_are_shown_and_deleted_as_a_SIM7600EI_does()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() =>
        {
            MessageStore card = bench.Modem.Messages.Card;
            card.Messages[0] = new ShortMessage(MessageStatus.ReceivedUnread, "JZ-JioPay", "one", Sent);
            card.Messages[1] = new ShortMessage(MessageStatus.ReceivedRead, "+15550100", "two lines:\r\n 1. UNLIMITED", Sent);
        });
        await bench.SayAsync("AT+CMGF=1\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMGD=?\r", "\r\n+CMGD: (0,1),(0-4)\r\n\r\nOK\r\n");
        await bench.SayAsync(
            "AT+CMGR=1\r", "\r\n+CMGR: \"REC READ\",\"+15550100\",\"\",\"22/08/09,14:05:14+22\"\r\ntwo lines:\r\n 1. UNLIMITED\r\n\r\nOK\r\n");
        await bench.SayAsync(
            "AT+CMGR=0\r", "\r\n+CMGR: \"REC UNREAD\",\"749045741051118097121\",\"\",\"22/08/09,14:05:14+22\"\r\none\r\n\r\nOK\r\n");
    }

    [Test]
    public async Task Lists_show_what_was_asked_for_and_mark_it_read()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() =>
        {
            bench.Modem.Messages.Card.Messages[0] = new ShortMessage(MessageStatus.ReceivedUnread, "+15550100", "a", Sent);
            bench.Modem.Messages.Card.Messages[4] = new ShortMessage(MessageStatus.ReceivedRead, "+15550101", "b", Sent);
        });
        await bench.SayAsync("AT+CMGF=1\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMGL=\"REC UNREAD\"\r", "\r\n+CMGL: 0,\"REC UNREAD\",\"+15550100\",\"\",\"22/08/09,14:05:14+22\"\r\na\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMGL\r", "\r\nOK\r\n", "nothing is unread any more");
        await bench.SayAsync(
            "AT+CMGL=\"ALL\"\r",
            "\r\n+CMGL: 0,\"REC READ\",\"+15550100\",\"\",\"22/08/09,14:05:14+22\"\r\na\r\n+CMGL: 4,\"REC READ\",\"+15550101\",\"\",\"22/08/09,14:05:14+22\"\r\nb\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMGL=\"NONE\"\r", "\r\n+CMS ERROR: Invalid text mode parameter\r\n");
        await bench.SayAsync("AT+CMGD=4\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMGD=?\r", "\r\n+CMGD: (0),(0-4)\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMGD=1,4\r", "\r\nOK\r\n", "flag 4 takes everything");
        await bench.SayAsync("AT+CMGD=?\r", "\r\n+CMGD: (),(0-4)\r\n\r\nOK\r\n");
    }

    [Test]
    public async Task A_message_is_typed_at_the_prompt_which_comes_again_after_every_line()
    {
        await using var bench = new ModemBench();
        var sent = new List<SentMessage>();
        bench.Modem.Post(() =>
        {
            bench.Modem.Messages.NextReference = 186;
            bench.Modem.Messages.Sent += sent.Add;
        });
        await bench.SayAsync("AT+CMGF=1\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMGS=\"+15550100\"\r", "\r\n> ");
        await bench.SayAsync("Hello,Waveshare\r", "\r\n> ");
        await bench.SayAsync("AT\u001a", "\r\n+CMGS: 186\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMGS=\"15550100\"\r", "\r\n> ");
        await bench.SayAsync("never\u001b", "\r\nOK\r\n", "ESC gives up");
        await bench.PrintedAsync();
        Assert.That(sent, Is.EqualTo(new[] { new SentMessage("+15550100", "Hello,Waveshare\rAT", 186) }));
    }

    [Test]
    public async Task With_echo_the_text_comes_back_but_not_its_end()
    {
        await using var bench = new ModemBench(echo: true);
        await bench.SayAsync("AT+CMGF=1\r\n", "AT+CMGF=1\r\r\nOK\r\n");
        await bench.SayAsync("AT+CMGS=\"15550100\"\r\n", "AT+CMGS=\"15550100\"\r\r\n> ");
        await bench.SayAsync("hi\u001a", "hi\r\n+CMGS: 1\r\n\r\nOK\r\n");
    }

    [Test]
    public async Task A_message_that_cannot_go_is_refused_in_words()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMGF=1\r", "\r\nOK\r\n");
        bench.Modem.Post(() => bench.Modem.Messages.Refusal = 500);
        await bench.SayAsync("AT+CMGS=\"15550100\"\r", "\r\n> ");
        await bench.SayAsync("x\u001a", "\r\n+CMS ERROR: Unknown error\r\n", "a SIM7600G-H");
        await bench.SayAsync("AT+CMGS=\"15550100\"\r", "\r\n> ");
        await bench.SayAsync(new string('x', 161) + "\u001a", "\r\n+CMS ERROR: SMS size more than expected\r\n");
        await bench.SayAsync("AT+CSCS=\"UCS2\"\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMGS=\"+445550100\"\r", "\r\nERROR\r\n", "a plain number under UCS2, no prompt");
        await bench.SayAsync("AT+CMGS=\"0031003200330034\"\r", "\r\n> ");
        await bench.SayAsync("plain\u001a", "\r\n+CMS ERROR: Invalid text mode parameter\r\n");
        await bench.Modem.SetSimAsync(SimState.Absent);
        await bench.PrintedAsync();
        await bench.SayAsync("AT+CMGS=\"15550100\"\r", "\r\n+CMS ERROR: SIM not inserted\r\n");
    }

    [Test]
    public async Task A_delivered_message_is_stored_and_told()
    {
        await using var bench = new ModemBench();
        await bench.Modem.DeliverSmsAsync("+15550100", "Grüße @ £5");
        await bench.ExpectAsync("\r\n+CMTI: \"SM\",0\r\n");
        await bench.SayAsync("AT+CMGF=1;+CSCS=\"UCS2\"\r", "\r\nOK\r\n");
        Assert.That(await bench.TypeAsync("AT+CMGR=0\r"), Does.Contain("\r\n0047007200FC00DF006500200040002000A30035\r\n"));
        await bench.SayAsync("AT+CSCS=\"IRA\";+CNMI=2,2\r", "\r\nOK\r\n");
        await bench.Modem.DeliverSmsAsync("Bank", "hi");
        Assert.That(await bench.PrintedAsync(), Does.Match("^\r\n\\+CMT: \"6697110107\",\"\",\"[0-9/]{8},[0-9:]{8}\\+00\"\r\nhi\r\n$"));
        await Assert.ThatAsync(() => bench.Modem.DeliverSmsAsync("+15550100", new string('x', 161)), Throws.ArgumentException);
    }

    [Test]
    public async Task Without_service_or_room_a_message_waits_in_the_network()
    {
        await using var bench = new ModemBench();
        await bench.Modem.SetNetworkAsync(NetworkState.Searching);
        await bench.Modem.DeliverSmsAsync("+15550100", "later");
        Assert.That(await bench.PrintedAsync(), Is.Empty);
        bench.Modem.Post(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                bench.Modem.Messages.Card.Messages[i] = new ShortMessage(MessageStatus.ReceivedRead, "1", "x", Sent);
            }
        });
        await bench.Modem.SetNetworkAsync(NetworkState.Home);
        Assert.That(await bench.PrintedAsync(), Is.Empty);
        await bench.SayAsync("AT+CMGD=7\r", "\r\nOK\r\n\r\n+CMTI: \"SM\",7\r\n");
    }

    [Test]
    public async Task A_message_told_while_text_is_typed_waits_for_its_end()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMGF=1\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMGS=\"15550100\"\r", "\r\n> ");
        await bench.Modem.DeliverSmsAsync("+15550100", "hi");
        await bench.SayAsync("x\u001a", "\r\n+CMGS: 1\r\n\r\nOK\r\n\r\n+CMTI: \"SM\",0\r\n");
    }

    [Test]
    public async Task Written_messages_are_kept_and_sent_later()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CMGF=1\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMGW=\"15550100\"\r", "\r\n> ");
        await bench.SayAsync("draft\u001a", "\r\n+CMGW: 0\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMGR=0\r", "\r\n+CMGR: \"STO UNSENT\",\"15550100\",\"\"\r\ndraft\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMSS=0\r", "\r\n+CMSS: 1\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CMGR=0\r", "\r\n+CMGR: \"STO SENT\",\"15550100\",\"\"\r\ndraft\r\n\r\nOK\r\n");
    }

    // The example of 3GPP TS 23.040 that every tutorial uses: "hellohello" to 46708251358.
    [TestCase("0011000B916407281553F80000AA0AE8329BFD4697D9EC37", 23, "+46708251358", "hellohello")]
    [TestCase("0001000A8100214365870008044F60597D", 16, "0012345678", "你好")]
    public async Task A_PDU_is_sent(string pdu, int length, string to, string text)
    {
        await using var bench = new ModemBench();
        var sent = new List<SentMessage>();
        bench.Modem.Post(() => bench.Modem.Messages.Sent += sent.Add);
        await bench.SayAsync($"AT+CMGS={length}\r", "\r\n> ");
        await bench.SayAsync($"{pdu}\u001a", "\r\n+CMGS: 1\r\n\r\nOK\r\n");
        await bench.SayAsync($"AT+CMGS={length + 1}\r", "\r\n> ");
        await bench.SayAsync($"{pdu}\u001a", "\r\n+CMS ERROR: Invalid PDU mode parameter\r\n", "the length must fit");
        await bench.PrintedAsync();
        Assert.That(sent, Is.EqualTo(new[] { new SentMessage(to, text, 1) }));
    }

    [Test]
    public async Task A_stored_message_is_shown_as_a_PDU()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() =>
        {
            bench.Modem.Messages.ServiceCentre = "+46705008999";
            bench.Modem.Messages.Card.Messages[0] = new ShortMessage(MessageStatus.ReceivedUnread, "+46708251358", "hellohello", Sent);
        });
        await bench.SayAsync(
            "AT+CMGR=0\r", "\r\n+CMGR: 0,\"\",28\r\n07916407058099F9040B916407281553F80000228090415041220AE8329BFD4697D9EC37\r\n\r\nOK\r\n");
        await bench.SayAsync(
            "AT+CMGL=4\r", "\r\n+CMGL: 0,1,\"\",28\r\n07916407058099F9040B916407281553F80000228090415041220AE8329BFD4697D9EC37\r\n\r\nOK\r\n");
    }

    [Test]
    public void The_alphabet_packs_and_unpacks_every_text()
    {
        const string text = "@£$¥èéùìòÇ\nØø\rÅåΔ_ÆæßÉ !\"#^{}\\[~]|€ÄÖÑÜ§¿azäöñüà";
        byte[] septets = GsmAlphabet.ToSeptets(text);
        byte[] back = GsmAlphabet.Unpack(GsmAlphabet.Pack(septets), septets.Length);
        Assert.That(GsmAlphabet.FromSeptets(back), Is.EqualTo(text));
    }
}
