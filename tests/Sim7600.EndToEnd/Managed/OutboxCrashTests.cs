using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd.Managed;

/// <summary>A publishing process is killed again and again, at any instant: what it said to have accepted is at the broker in the end.</summary>
[Parallelizable(ParallelScope.All)]
public class OutboxCrashTests
{
    private const int Kills = 100;
    private const int Lines = 6;

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    // Two publishers, so that 200 kills take the time of 100.
    [Test]
    [CancelAfter(1_200_000)]
    public async Task Nothing_accepted_is_lost_over_a_hundred_kills([Values(1, 2)] int publisher)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        string folder = Directory.CreateTempSubdirectory("sim7600-crash-").FullName;
        string file = Path.Combine(folder, "outbox");
        await using MosquittoBroker broker = await MosquittoBroker.StartAsync("max_queued_messages 0");
        await using ToolProcess subscriber = await MosquittoBroker.SubscribeAsync(broker.Address, "t", 1_000_000);
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", $"mqtt://{broker.Address}");
        string[] publish =
            ["pub", "--modem", emulator.Port, "--broker", "mqtt://broker.example", "-t", "t", "-q", "1", "-i", $"node-{publisher}", "--outbox", file, "--json"];

        HashSet<string> accepted = [];
        int delivered = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            await using ToolProcess process = ToolProcess.Sim7600([.. publish, "-l"]);
            string typed = string.Concat(Enumerable.Range(1, Lines).Select(line => $"{kill}-{line}\n"));
            await process.TypeBytesAsync(Encoding.ASCII.GetBytes(typed));

            // The instant is the point of the test: anywhere from the start of the process to well after its last line.
            await Task.Delay(random.Next(3000));
            await process.SignalAsync("KILL");
            await process.ExitAsync();
            foreach (string line in process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                // The last line may be cut in the middle.
                if (line.StartsWith("{\"event\":\"accepted\"", StringComparison.Ordinal) && line.EndsWith('}'))
                {
                    accepted.Add(string.Create(CultureInfo.InvariantCulture, $"{kill}-{JsonNode.Parse(line)!["line"]!.GetValue<int>()}"));
                }
                else if (line.StartsWith("{\"event\":\"delivered\"", StringComparison.Ordinal))
                {
                    delivered++;
                }
            }
        }

        await using (ToolProcess last = ToolProcess.Sim7600([.. publish, "-m", "end"]))
        {
            await last.SucceedAsync();
        }

        List<string> received = [];
        do
        {
            received.Add(Encoding.ASCII.GetString(await MosquittoBroker.PayloadAsync(subscriber)));
        }
        while (received[^1] != "end");
        await TestContext.Out.WriteLineAsync(
            $"seed {seed}: {Kills} kills, {accepted.Count} accepted, {delivered} told as delivered, {received.Count - 1} received, {received.Count - received.Distinct().Count()} duplicates");
        Assert.That(accepted.Except(received), Is.Empty, $"seed {seed}");
        Assert.That(received, Has.None.StartsWith("AT"), $"seed {seed}");
        Assert.That(accepted, Has.Count.GreaterThan(Kills), "the kills came too early to prove anything");
        Directory.Delete(folder, recursive: true);
    }
}
