using System.Globalization;
using System.Text;

namespace Sim7600.Mqtt.Tests;

/// <summary>What this assembly does when it is started as a program: it fills an outbox and says what was accepted, until it is killed.</summary>
internal static class DoomedProcess
{
    private const int Producers = 4;
    private static readonly Lock OneLine = new();

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["fill", var path])
        {
            await Console.Error.WriteLineAsync("Run me with dotnet test.");
            return 2;
        }

        try
        {
            await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(path);
            await using Outbox outbox = await Outbox.OpenAsync(store, new OutboxOptions { MaximumMessages = 1_000_000 });
            Say("open");
            await Task.WhenAll([ConsumeAsync(outbox), .. Enumerable.Range(0, Producers).Select(producer => ProduceAsync(outbox, producer))]);
            return 0;
        }
        catch (OutboxStoreException exception)
        {
            Say($"{exception.Problem}: {exception.Message}");
            return 1;
        }
    }

    private static async Task ProduceAsync(Outbox outbox, int producer)
    {
        for (int number = 0; ; number++)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{producer}:{number}:{new string('x', number % 700)}");
            OutboxReceipt receipt = await outbox.EnqueueAsync($"p/{producer}", Encoding.UTF8.GetBytes(text));
            Say($"accepted {receipt.Id} {text}");
        }
    }

    // Said before it is stored: what is completed may be gone, what was not must be there.
    private static async Task ConsumeAsync(Outbox outbox)
    {
        while (true)
        {
            OutboxMessage message = await outbox.NextAsync();
            Say($"completing {message.Id}");
            await outbox.CompleteAsync(message.Id, PublishOutcome.Delivered());
        }
    }

    private static void Say(string line)
    {
        lock (OneLine)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
