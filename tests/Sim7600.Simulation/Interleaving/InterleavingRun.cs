using MQTTnet.Protocol;

namespace Sim7600.Simulation.Interleaving;

/// <summary>
/// All cases, counted: each unsolicited line in each gap of what the modem prints in each exchange, times each split of the bytes; and each
/// single byte lost, in each direction of each exchange.
/// </summary>
internal sealed class InterleavingRun(int every, string? only)
{
    private int _turn;

    public int Cases { get; private set; }

    public int Violations { get; private set; }

    public async Task RunAsync()
    {
        foreach (Exchange exchange in Exchange.All.Where(exchange => only is null || exchange.Name == only))
        {
            (byte[] toHost, byte[] toModem) = await RunCleanAsync(exchange);
            List<int> gaps = ModemOutput.Gaps(toHost);
            int before = Cases, wrong = Violations;
            foreach (InsertedUrc urc in InsertedUrc.All)
            {
                foreach (int gap in gaps)
                {
                    for (int split = 0; split < toHost.Length + urc.Bytes.Length; split++)
                    {
                        if (_turn++ % every != 0)
                        {
                            continue;
                        }

                        await TryAsync(exchange, new Tamper { InsertAt = gap, Insert = urc.Bytes, SplitAt = split }, Tamper.None, mustSucceed: urc.IsHarmless);
                    }
                }
            }

            int inserted = Cases - before;
            for (int at = 0; at < toHost.Length; at++)
            {
                await TryAsync(exchange, new Tamper { LoseAt = at }, Tamper.None, mustSucceed: false);
            }

            for (int at = 0; at < toModem.Length; at++)
            {
                await TryAsync(exchange, Tamper.None, new Tamper { LoseAt = at }, mustSucceed: false);
            }

            Console.WriteLine(
                $"{exchange.Name}: {toModem.Length} bytes to the modem, {toHost.Length} bytes to the host, {gaps.Count} gaps, {inserted} cases with a line in between, "
                + $"{Cases - before - inserted} with a lost byte, {Violations - wrong} violations");
        }
    }

    private static async Task<(byte[] ToHost, byte[] ToModem)> RunCleanAsync(Exchange exchange)
    {
        await using var bench = new ExchangeBench();
        await bench.RunAsync(() => exchange.Prepare(bench));
        bench.Line.ToHost.Arm(Tamper.None);
        bench.Line.ToModem.Arm(Tamper.None);
        bool succeeded = false;
        await bench.RunAsync(async () => succeeded = await exchange.Act(bench));
        byte[] toHost = bench.Line.ToHost.Seen;
        byte[] toModem = bench.Line.ToModem.Seen;
        if (!succeeded || bench.Judge.Violations.Count > 0)
        {
            throw new InvalidOperationException($"{exchange.Name} fails on an untouched line: {string.Join("; ", bench.Judge.Violations)}");
        }

        await bench.RunAsync(async () => await bench.DisposeAsync());
        return (toHost, toModem);
    }

    private async Task TryAsync(Exchange exchange, Tamper toHost, Tamper toModem, bool mustSucceed)
    {
        Cases++;
        var bench = new ExchangeBench();
        Judge judge = bench.Judge;
        await bench.RunAsync(() => exchange.Prepare(bench));
        bench.Line.ToHost.Arm(toHost);
        bench.Line.ToModem.Arm(toModem);
        bool succeeded = false;
        if (!await bench.RunAsync(async () => succeeded = await exchange.Act(bench)))
        {
            judge.Violate("it never ended");
        }
        else
        {
            bench.Line.ToHost.Disarm();
            bench.Line.ToModem.Disarm();
            if (mustSucceed && !succeeded)
            {
                judge.Violate("it failed, although nothing was wrong");
            }

            if (mustSucceed && exchange.EndsConnected && !bench.Client!.IsConnected)
            {
                judge.Violate("the connection counts as lost, although it is there");
            }

            await bench.RunAsync(() => GoOnAsync(bench, mustSucceed && exchange.EndsConnected));
        }

        judge.CloseMessages();
        if (!await bench.RunAsync(async () => await bench.DisposeAsync()))
        {
            judge.Violate("closing never ended");
        }

        judge.CloseCalls();
        await bench.System.DisposeAsync();
        foreach (string violation in judge.Violations)
        {
            Violations++;
            Console.WriteLine($"  {exchange.Name}, to the host: {toHost}, to the modem: {toModem}: violation at {violation}");
        }
    }

    /// <summary>Whatever happened, the line is in step, and a program can go on with it.</summary>
    private static async Task GoOnAsync(ExchangeBench bench, bool staysConnected)
    {
        if (bench.Modem is null)
        {
            await bench.Line.Host.DisposeAsync();
            bench.Reopen();
            await bench.OpenAsync();
        }

        // A boot that is announced late fails the first question, which says so; the second must do.
        if (bench.Modem is null || (!await bench.IsInStepAsync() && (staysConnected || !await bench.IsInStepAsync())))
        {
            bench.Judge.Violate("the next question gets no answer, or not its own");
            return;
        }

        if (!staysConnected)
        {
            if (bench.Client is { } old)
            {
                await old.DisposeAsync();
            }

            await bench.ConnectAsync();
        }

        if (bench.Client is null || await bench.PublishAsync(MqttQualityOfServiceLevel.AtLeastOnce, "afterwards") is not { IsDelivered: true })
        {
            bench.Judge.Violate("afterwards no message can be published");
        }
    }
}
