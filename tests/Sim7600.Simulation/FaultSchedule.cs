using Sim7600.Emulator.Faults;

namespace Sim7600.Simulation;

/// <summary>What goes wrong in one run, and when.</summary>
/// <param name="Faults">The faults.</param>
/// <param name="DamagesBytes">
/// True when bytes may be changed, doubled or added on the line. An AT line has no checksum: neither end can notice that, so what arrives
/// may then differ from what was sent, and is counted instead of judged.
/// </param>
internal sealed record FaultSchedule(IReadOnlyList<ScheduledFault> Faults, bool DamagesBytes)
{
    /// <summary>Commands of every publish.</summary>
    private static readonly string[] FrequentCommands = ["AT+CMQTTTOPIC", "AT+CMQTTPAYLOAD", "AT+CMQTTPUB", "AT+CMQTTPUB", "AT+CREG"];

    /// <summary>Commands of setting up and of getting back in step.</summary>
    private static readonly string[] RareCommands =
    [
        "AT+CMQTTSTART", "AT+CMQTTACCQ", "AT+CMQTTCONNECT", "AT+CMQTTSUB", "AT+CMQTTDISC", "AT+CMQTTREL", "AT+CMQTTSTOP", "AT+CPIN", "AT+CMEE", "AT+CGATT",
    ];

    /// <summary>No fault may last longer.</summary>
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    private static readonly string[] Urcs =
    [
        "+CREG: 1", "+CSQ: 12,99", "+CMTI: \"SM\",3", "RING", "+CTZV: +08", "SMS DONE", "+CGEV: NW MODIFY 1,0", "+CMQTTCONNLOST: 1,1", "UNDER-VOLTAGE WARNNING",
    ];

    /// <summary>True when a byte of what the modem prints may be lost: an answer can then lack one, and nothing shows it.</summary>
    public bool LosesBytes => Faults.Any(fault => fault.Fault is LineDrop { Direction: LineDirection.ToHost });

    public static FaultSchedule Draw(Random random, TimeSpan length)
    {
        bool damages = random.Next(4) == 0;
        int count = (int)(length.TotalHours * random.Next(0, 30)) + random.Next(3);
        var faults = new List<ScheduledFault>();
        if (random.Next(4) > 0)
        {
            // A line and a modem that take their time: so that faults and cancellations meet commands under way.
            faults.Add(new ScheduledFault(new LineDelay(TimeSpan.FromMilliseconds(random.Next(1, 200))), FaultTrigger.Now with { Duration = Whole(length < LongestDuration ? length : LongestDuration) }));
        }

        while (faults.Count < count)
        {
            if (random.Next(6) == 0)
            {
                faults.Add(DrawCut(random, length));
                continue;
            }

            Fault fault = DrawFault(random, damages);
            TimeSpan? lasts = FaultTable.Of(fault).Span == FaultSpan.Lasting ? DrawDuration(random, fault) : null;
            faults.Add(new ScheduledFault(fault, DrawTrigger(random, length) with { Duration = lasts }));
        }

        return new FaultSchedule([.. faults.OrderBy(fault => fault.Trigger.At ?? TimeSpan.Zero)], damages);
    }

    /// <summary>A publish that runs, and whose answer does not come: chance alone seldom meets the moment.</summary>
    private static ScheduledFault DrawCut(Random random, TimeSpan length)
    {
        FaultTrigger publish = FaultTrigger.OnCommand("AT+CMQTTPUB", skip: random.Next((int)length.TotalMinutes + 1));
        TimeSpan lasts = TimeSpan.FromSeconds(random.Next(1, 200));
        return random.Next(4) switch
        {
            0 => new ScheduledFault(new LineUnplug(), publish with { Duration = lasts }),
            1 => new ScheduledFault(new LineFlowStop(LineDirection.ToHost), publish with { Duration = lasts }),
            2 => new ScheduledFault(new BrokerSlow(lasts), publish with { Duration = lasts }),
            _ => new ScheduledFault(new LineDrop(random.Next(1, 40), LineDirection.ToHost), publish),
        };
    }

    private static FaultTrigger DrawTrigger(Random random, TimeSpan length) => random.Next(5) switch
    {
        0 => FaultTrigger.OnCommand(RareCommands[random.Next(RareCommands.Length)], skip: random.Next(20)),
        1 or 2 => FaultTrigger.OnCommand(FrequentCommands[random.Next(FrequentCommands.Length)], skip: random.Next((int)length.TotalMinutes + 1)),
        _ => FaultTrigger.AtTime(Whole(length * random.NextDouble())),
    };

    private static Fault DrawFault(Random random, bool damages)
    {
        LineDirection direction = random.Next(2) == 0 ? LineDirection.ToHost : LineDirection.ToModem;
        TimeSpan delay = Whole(TimeSpan.FromMilliseconds(Math.Pow(10, 1 + (4.2 * random.NextDouble()))));
        return random.Next(damages ? 31 : 27) switch
        {
            0 => new LineDelay(TimeSpan.FromMilliseconds(random.Next(1, 3000)), direction),
            1 => new LineChunk(random.Next(1, 60), TimeSpan.FromMilliseconds(random.Next(0, 300)), direction),
            2 or 3 => new LineDrop(random.Next(1, 200), direction),
            4 => new LineFlowStop(direction),
            5 => new LineUnplug(),
            6 or 7 => new ModemLateAnswer(delay),
            8 => new ModemNoAnswer(),
            9 => new ModemMissingPrompt(),
            10 => new ModemLatePrompt(delay),
            11 => new ModemUrc(Urcs[random.Next(Urcs.Length)], 0),
            12 => new ModemBootBanner(),
            13 => new ModemEchoOn(),
            14 => new ModemStarvedData(random.Next(1, 20)),
            15 => new ModemFreeze(),
            16 => new ModemReset(),
            17 => new ModemReply(random.Next(3) switch { 0 => "ERROR", 1 => "+CME ERROR: 50", _ => "+CME ERROR: SIM busy" }, TimeSpan.FromMilliseconds(random.Next(0, 2000))),
            18 => random.Next(3) switch { 0 => new NetworkDown(), 1 => new NetworkSearching(), _ => new NetworkDenied() },
            19 => new NetworkLossy(random.Next(1, 60)),
            20 => new NetworkSlow(delay),
            21 => new NetworkHalfOpen(),
            22 => new BrokerRefuse(random.Next(1, 6)),
            23 => random.Next(2) == 0 ? new BrokerClose() : new BrokerRestart(),
            24 => random.Next(2) == 0 ? new BrokerSilent() : new BrokerSlow(delay),
            25 => new MqttConnLost(0, random.Next(1, 4)),
            26 => random.Next(2) == 0 ? new MqttPing() : new MqttNoNet(),
            27 => new LineGarble(random.Next(1, 200), direction),
            28 => new LineDuplicate(random.Next(1, 200), direction),
            29 => new LineNoise(random.Next(1, 50), direction),
            _ => new LineWrongBaud(direction),
        };
    }

    private static TimeSpan DrawDuration(Random random, Fault fault)
    {
        bool isOfLine = fault is LineDelay or LineChunk or LineNoise or LineWrongBaud or LineFlowStop;
        return Whole(TimeSpan.FromMilliseconds(Math.Pow(10, isOfLine ? 2 + (3 * random.NextDouble()) : 3 + (3.2 * random.NextDouble())))); // 0.1 to 100 s, 1 to 1600 s
    }

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Max(1, (long)time.TotalMilliseconds));
}
