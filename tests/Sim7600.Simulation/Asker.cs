using Sim7600.Driver;
using Sim7600.Driver.Features;

namespace Sim7600.Simulation;

/// <summary>A part of a program that asks the modem things beside all else, and often does not wait for the answer: each answer must be its own question's.</summary>
internal sealed class Asker(SimulatedSystem system, Judge judge, Func<Sim7600Modem?> modem)
{
    private readonly Random _random = new(system.Random.Next());

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1, 60_000)), system.Time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (modem() is { } present)
            {
                await AskAsync(present);
            }
        }
    }

    private async Task AskAsync(Sim7600Modem modem)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(_random.Next(2) == 0 ? _random.Next(1, 400) : 100_000), system.Time);
        if (_random.Next(2) == 0)
        {
            NetworkOperator? answer = await judge.AskAsync("operator", modem.Network.OperatorAsync, patience.Token);
            if (answer is not null)
            {
                judge.Answered("operator", answer.Name, system.Modem.Network.LongName);
            }
        }
        else
        {
            SystemInformation? answer = await judge.AskAsync<SystemInformation>("system information", async ct => await modem.Network.SystemInformationAsync(ct), patience.Token);
            if (answer is not null)
            {
                judge.Answered("system information", answer.Mode, "LTE", "NO SERVICE");
            }
        }
    }
}
