using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sim7600.Mqtt.Tests;

/// <summary>A process that fills an outbox dies at any instant: what it said was accepted is there, once and unharmed.</summary>
[CancelAfter(120_000)]
public sealed class KilledOutboxTests
{
    [Test]
    public async Task What_was_accepted_outlives_every_kill(CancellationToken cancellationToken)
    {
        using var folder = new OutboxFolder();
        var random = new Random(7);
        var accepted = new SortedDictionary<long, string>();
        var completing = new HashSet<long>();
        for (int round = 0; round < 8; round++)
        {
            using Process process = Start(folder.File);
            int lines = random.Next(1, 400);
            for (int line = 0; line < lines; line++)
            {
                Note(await process.StandardOutput.ReadLineAsync(cancellationToken));
            }

            process.Kill();
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } rest)
            {
                Note(rest);
            }

            await process.WaitForExitAsync(cancellationToken);
        }

        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(folder.File, cancellationToken);
        IReadOnlyList<OutboxMessage> kept = await store.ListAsync(0, int.MaxValue, cancellationToken);
        ILookup<long, string> texts = kept.ToLookup(message => message.Id, message => Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Multiple(() =>
        {
            Assert.That(accepted, Has.Count.GreaterThan(100));
            Assert.That(texts.All(id => id.Count() == 1));
            Assert.That(accepted.Where(one => !completing.Contains(one.Key) && texts[one.Key].SingleOrDefault() != one.Value), Is.Empty, "lost or harmed");
            Assert.That(kept.Select(message => message.Id), Is.Ordered);
        });

        void Note(string? line)
        {
            // The last line of a killed process can be cut short; ids of whole lines only.
            string[] words = (line ?? "").Split(' ');
            switch (words)
            {
                case ["accepted", var id, var text] when text.Split(':') is [_, var number, var tail] && tail.Length == int.Parse(number, CultureInfo.InvariantCulture) % 700:
                    accepted.Add(long.Parse(id, CultureInfo.InvariantCulture), text);
                    break;
                case ["completing", var id]:
                    completing.Add(long.Parse(id, CultureInfo.InvariantCulture));
                    break;
                default:
                    Assert.That(line, Is.Null.Or.EqualTo("open").Or.StartsWith("accepted").Or.StartsWith("completing"));
                    break;
            }
        }
    }

    [Test]
    public async Task A_second_process_is_told_who_is_in_the_way_and_may_follow_when_the_first_is_killed(CancellationToken cancellationToken)
    {
        using var folder = new OutboxFolder();
        using Process first = Start(folder.File);
        Assert.That(await first.StandardOutput.ReadLineAsync(cancellationToken), Is.EqualTo("open"));
        OutboxStoreException? locked = await Assert.ThrowsAsync<OutboxStoreException>(() => SqliteOutboxStore.OpenAsync(folder.File, cancellationToken));
        Assert.That(locked!.Problem, Is.EqualTo(OutboxStoreProblem.Locked));
        Assert.That(locked.Message, Does.Contain(folder.File).And.Contain("another process"));
        using Process second = Start(folder.File);
        Assert.That(await second.StandardOutput.ReadLineAsync(cancellationToken), Does.StartWith("Locked: "));
        await second.WaitForExitAsync(cancellationToken);
        first.Kill();
        await first.WaitForExitAsync(cancellationToken);

        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(folder.File, cancellationToken);
        Assert.That((await store.CountAsync(cancellationToken)).Messages, Is.GreaterThanOrEqualTo(0));
    }

    private static Process Start(string file) => Process.Start(new ProcessStartInfo("dotnet", [typeof(KilledOutboxTests).Assembly.Location, "fill", file])
    {
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;
}
