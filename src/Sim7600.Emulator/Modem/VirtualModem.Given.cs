using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator;

/// <summary>Start in a given state, and what a replay needs to know of the loop.</summary>
public sealed partial class VirtualModem
{
    private readonly Dictionary<string, Queue<IReadOnlyList<string>>> _shown = new(StringComparer.Ordinal);

    /// <summary>Lines that a command shows instead of its own, by the command's name.</summary>
    internal IDictionary<string, Queue<IReadOnlyList<string>>> Shown => _shown;

    /// <summary>
    /// Completes when the loop has nothing left to do: everything that was in the queue, and all that it put there, has run.
    /// Timers and a real network are not waited for.
    /// </summary>
    internal async Task SettleAsync()
    {
        bool settled = false;
        while (!settled)
        {
            // The second turn comes after the first one's output was handed over.
            await InvokeAsync(() => { }).ConfigureAwait(false);
            await InvokeAsync(() => settled = !_turns.Reader.TryPeek(out _)).ConfigureAwait(false);
        }
    }

    /// <summary>Time until the modem does something by itself, or null when nothing is planned.</summary>
    internal async Task<TimeSpan?> GetUntilNextAsync()
    {
        TimeSpan? next = null;
        await InvokeAsync(() => next = _scheduler.UntilNext()).ConfigureAwait(false);
        return next;
    }

    /// <summary>Starts in the state that the options name.</summary>
    private void Begin()
    {
        GivenState given = Options.Given;
        given.ApplyTo(this);
        if (given.ColdBoot)
        {
            BootMode mode = Options.Boot == BootMode.None ? BootMode.Real : Options.Boot;
            PowerOn(mode);
            BootTimes times = BootTimes.For(mode);
            After(times.Silence + times.SimReady + times.SmsDone + times.PhoneBookDone + times.SimReady, () => given.Deliver(this));
            return;
        }

        PowerOn(Options.Boot);
        if (Options.Boot == BootMode.None)
        {
            given.ApplyServicesTo(this);
            given.Deliver(this);
            if (given.Sim == GivenSim.Busy)
            {
                Sim.IsBusy = true;
                ReadSim(BootTimes.For(BootMode.Real));
            }
        }
    }

    /// <summary>What a scenario lets a command show; a write form of the command ends that.</summary>
    private Action<CommandRun>? ShowGiven(AtCommandDefinition command) => !_shown.TryGetValue(command.Name, out Queue<IReadOnlyList<string>>? moments)
        ? null
        : run =>
        {
            IReadOnlyList<string> lines = moments.Count > 1 ? moments.Dequeue() : moments.Peek();
            run.Info(lines.Select(line => $"{command.Name}: {line}"));
            run.Ok();
        };
}
