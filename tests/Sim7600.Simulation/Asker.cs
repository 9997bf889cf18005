using Sim7600.Driver;

namespace Sim7600.Simulation;

/// <summary>
/// A part of a program that asks the modem for its operator beside all else, and often does not wait for the answer but asks again. The operator
/// has another name for each question, so that an answer tells whose it is.
/// </summary>
internal sealed class Asker(SimulatedSystem system, Judge judge, Func<Sim7600Modem?> modem)
{
    private readonly Random _random = new(system.Random.Next());
    private int _number;

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

            for (int repeats = _random.Next(1, 4); repeats > 0 && modem() is { } present; repeats--)
            {
                await AskAsync(present);
            }
        }
    }

    private async Task AskAsync(Sim7600Modem modem)
    {
        string name = $"Operator {++_number}";
        system.Modem.Network.LongName = name;
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(_random.Next(2) == 0 ? _random.Next(1, 400) : 100_000), system.Time);
        if (await judge.AskAsync("operator", modem.Network.OperatorAsync, patience.Token) is { } answer)
        {
            judge.Answered("operator", answer.Name, name);
        }
    }
}
