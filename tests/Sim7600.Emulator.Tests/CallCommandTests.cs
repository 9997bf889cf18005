using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>Voice calls and network services.</summary>
[Parallelizable(ParallelScope.All)]
public class CallCommandTests
{
    [TestCase("ATA\r", "\r\nNO CARRIER\r\n", Description = "nobody calls")]
    [TestCase("ATH\r", "\r\nOK\r\n")]
    [TestCase("ATH1\r", "\r\nERROR\r\n")]
    [TestCase("ATD;\r", "\r\nERROR\r\n")]
    [TestCase("ATD*99#\r", "\r\nNO CARRIER\r\n", Description = "no data mode")]
    [TestCase("AT+CHUP\r", "\r\nOK\r\n")]
    [TestCase("AT+CLCC\r", "\r\nOK\r\n")]
    [TestCase("AT+CLIP=1;+CLIP?\r", "\r\n+CLIP: 1,1\r\n\r\nOK\r\n")]
    [TestCase("AT+CLVL=5;+CLVL?\r", "\r\n+CLVL: 5\r\n\r\nOK\r\n")]
    [TestCase("AT+CVHU?\r", "\r\n+CVHU: 1\r\n\r\nOK\r\n")]
    public async Task A_line_gets_its_answer(string typed, string printed)
    {
        await using var bench = new ModemBench();
        Assert.That(await bench.TypeAsync(typed), Is.EqualTo(printed));
    }

    [Test]
    public async Task A_call_that_cannot_be_made_ends_later_and_the_next_one_rings()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() => bench.Modem.Calls.Outcomes.Enqueue(CallOutcome.Unreachable));
        await bench.SayAsync("ATD15550100;\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CLCC\r", "\r\n+CLCC: 1,0,2,0,0,\"15550100\",129\r\n\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(2)), Is.EqualTo("\r\nNO CARRIER\r\n"));
        await bench.SayAsync("ATD15550100;\r", "\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromMinutes(1)), Is.Empty);
        await bench.SayAsync("AT+CLCC\r", "\r\n+CLCC: 1,0,3,0,0,\"15550100\",129\r\n\r\nOK\r\n");
        await bench.SayAsync("AT+CHUP\r", "\r\nOK\r\n");
        await bench.SayAsync("AT+CLCC\r", "\r\nOK\r\n");
    }

    [Test]
    public async Task Without_service_a_call_ends_with_NO_CARRIER()
    {
        await using var bench = new ModemBench();
        await bench.Modem.SetNetworkAsync(NetworkState.None);
        await bench.SayAsync("ATD15550100;\r", "\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(2)), Is.EqualTo("\r\nNO CARRIER\r\n"));
    }

    [Test]
    public async Task An_answered_call_is_told_with_its_length()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() => bench.Modem.Calls.Outcome = CallOutcome.Answered);
        await bench.SayAsync("ATD+15550100;\r", "\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(2)), Is.EqualTo("\r\nVOICE CALL: BEGIN\r\n"));
        await bench.PassAsync(TimeSpan.FromSeconds(83));
        await bench.SayAsync("ATH\r", "\r\nOK\r\n", "CVHU 1: ATH does not end a voice call");
        await bench.SayAsync("AT+CHUP\r", "\r\nOK\r\n\r\nVOICE CALL: END: 000123\r\n");
    }

    [Test]
    public async Task An_incoming_call_rings_until_it_is_taken_and_ends_with_the_network()
    {
        await using var bench = new ModemBench();
        await bench.SayAsync("AT+CLIP=1\r", "\r\nOK\r\n");
        bench.Modem.Post(() => bench.Modem.Calls.Ring("+15550100"));
        await bench.ExpectAsync("\r\nRING\r\n\r\n+CLIP: \"+15550100\",145,,,,0\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(5)), Does.StartWith("\r\nRING\r\n"));
        await bench.SayAsync("ATA\r", "\r\nVOICE CALL: BEGIN\r\n\r\nOK\r\n");
        await bench.Modem.SetNetworkAsync(NetworkState.None);
        Assert.That(await bench.PrintedAsync(), Is.EqualTo("\r\nVOICE CALL: END: 000000\r\n\r\nNO CARRIER\r\n"));
    }

    [Test]
    public async Task A_network_service_answers_later()
    {
        await using var bench = new ModemBench();
        bench.Modem.Post(() => bench.Modem.Calls.ServiceAnswers["*100#"] = "Balance 5");
        await bench.SayAsync("AT+CUSD=1,\"*100#\",15\r", "\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(2)), Is.EqualTo("\r\n+CUSD: 0,\"Balance 5\",15\r\n"));
        await bench.SayAsync("AT+CUSD=1,\"*101#\"\r", "\r\nOK\r\n");
        Assert.That(await bench.PassAsync(TimeSpan.FromSeconds(2)), Is.EqualTo("\r\n+CUSD: 0,\"Unknown service\",15\r\n"));
    }
}
