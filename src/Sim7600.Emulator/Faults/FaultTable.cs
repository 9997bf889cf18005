namespace Sim7600.Emulator.Faults;

/// <summary>
/// The vocabulary: every fault with its name, parameters, ranges and defaults. The reader, the JSON Schema, the documents and the
/// checks of values come from it.
/// </summary>
internal static class FaultTable
{
    private const int Hour = 3_600_000;
    private const int Day = 24 * Hour;
    private const int Million = 1_000_000;
    private const string ToHost = "to-host";
    private const string ToModem = "to-modem";

    private static readonly FaultParameter Direction = new("direction", FaultValueKind.Word, "which bytes", Default: ToHost, Words: [ToHost, ToModem]);
    private static readonly FaultParameter Byte = new("byte", FaultValueKind.Number, "which byte from the trigger on, from 1", 1, Million);
    private static readonly FaultParameter Delay = new("delayMs", FaultValueKind.Milliseconds, "how much later", 1, Hour);
    private static readonly FaultParameter Client = new("client", FaultValueKind.Number, "the CMQTT client", 0, 1, Default: 0);

    /// <summary>Faults that one scenario may have.</summary>
    public const int MaximumEntries = 10_000;

    /// <summary>When the fault happens.</summary>
    public static FaultParameter At { get; } = new("atMs", FaultValueKind.Milliseconds, "time since the modem was created", 0, 24 * Day);

    /// <summary>The command on whose arrival it happens.</summary>
    public static FaultParameter On { get; } = new(
        "on", FaultValueKind.Command, "the command on whose arrival it happens, before it runs: its name with AT, for one form with ?, = or =? behind it; plain AT is none, and no fault of a command meets it", 2, 40);

    /// <summary>Arrivals that pass.</summary>
    public static FaultParameter Skip { get; } = new("skip", FaultValueKind.Number, "with on: arrivals that pass before", 0, Million, Default: 0);

    /// <summary>Arrivals that it hits.</summary>
    public static FaultParameter Times { get; } = new("times", FaultValueKind.Number, "with on: on how many arrivals it happens", 1, Million, Default: 1);

    /// <summary>Publishes that pass.</summary>
    public static FaultParameter AfterPublishes { get; } = new("afterPublishes", FaultValueKind.Number, "after how many successful publishes it happens", 1, Million);

    /// <summary>How long it lasts.</summary>
    public static FaultParameter For { get; } = new("forMs", FaultValueKind.Milliseconds, "how long it lasts; without it, until it is cleared", 1, Day);

    /// <summary>The parameters that say when.</summary>
    public static IReadOnlyList<FaultParameter> Trigger { get; } = [At, On, Skip, Times, AfterPublishes, For];

    /// <summary>The groups, with what they are about.</summary>
    public static IReadOnlyDictionary<string, string> Groups { get; } = new Dictionary<string, string>
    {
        ["line"] = "the serial line",
        ["modem"] = "the module and its command processor",
        ["network"] = "the mobile network",
        ["broker"] = "the MQTT broker",
        ["mqtt"] = "the module's MQTT service",
    };

    /// <summary>All faults, group by group.</summary>
    public static IReadOnlyList<FaultDefinition> All { get; } =
    [
        Define<LineDelay>("line", "delay", FaultSpan.Lasting, "each byte arrives later, in its order", [Delay, Direction],
            values => new(Time(values[0]), DirectionOf(values[1])), fault => [Number(fault.Delay), Word(fault.Direction)]),
        Define<LineChunk>("line", "chunk", FaultSpan.Lasting, "what is written at once arrives in pieces",
            [
                new("size", FaultValueKind.Number, "bytes of a piece", 1, 4096),
                new("gapMs", FaultValueKind.Milliseconds, "time between two pieces", 0, 60_000, Default: 0),
                Direction,
            ],
            values => new((int)values[0], Time(values[1]), DirectionOf(values[2])), fault => [(long)fault.Size, Number(fault.Gap), Word(fault.Direction)]),
        Define<LineDrop>("line", "drop", FaultSpan.Once, "one byte is lost", [Byte, Direction],
            values => new((int)values[0], DirectionOf(values[1])), fault => [(long)fault.Byte, Word(fault.Direction)]),
        Define<LineGarble>("line", "garble", FaultSpan.Once, "one byte arrives as another", [Byte, Direction],
            values => new((int)values[0], DirectionOf(values[1])), fault => [(long)fault.Byte, Word(fault.Direction)]),
        Define<LineDuplicate>("line", "duplicate", FaultSpan.Once, "one byte arrives twice", [Byte, Direction],
            values => new((int)values[0], DirectionOf(values[1])), fault => [(long)fault.Byte, Word(fault.Direction)]),
        Define<LineNoise>("line", "noise", FaultSpan.Lasting, "bytes arrive as others, at random",
            [new("perThousand", FaultValueKind.Number, "how many of a thousand bytes", 1, 1000), Direction],
            values => new((int)values[0], DirectionOf(values[1])), fault => [(long)fault.PerThousand, Word(fault.Direction)]),
        Define<LineOverrun>("line", "overrun", FaultSpan.Lasting, "the host's receiver overruns: what arrives while a PTY's client leaves too much unread is lost",
            [
                new("holds", FaultValueKind.Number, "bytes that the receiver holds; 1 is a data register without FIFO", 1, 4000, Default: 1),
                new("byteTimes", FaultValueKind.Number, "for how many bytes' time the client may leave more unread", 1, 100_000, Default: 1),
            ],
            values => new((int)values[0], (int)values[1]), fault => [(long)fault.Holds, (long)fault.ByteTimes]),
        Define<LineFlowStop>("line", "flow-stop", FaultSpan.Lasting, "flow control stops the line; bytes wait", [Direction],
            values => new(DirectionOf(values[0])), fault => [Word(fault.Direction)]),
        Define<LineUnplug>("line", "unplug", FaultSpan.Lasting, "the cable is pulled: the host's port hangs up, and bytes go nowhere", [], _ => new(), _ => []),
        Define<LineWrongBaud>("line", "wrong-baud", FaultSpan.Lasting, "the two ends have different baud rates: each byte arrives as garbage", [Direction],
            values => new(DirectionOf(values[0])), fault => [Word(fault.Direction)]),

        Define<ModemLateAnswer>("modem", "late-answer", FaultSpan.Command, "a command is run later, and so answered later", [Delay],
            values => new(Time(values[0])), fault => [Number(fault.Delay)]),
        Define<ModemNoAnswer>("modem", "no-answer", FaultSpan.Command, "a command is echoed and forgotten: neither run nor answered", [], _ => new(), _ => []),
        Define<ModemMissingPrompt>("modem", "missing-prompt", FaultSpan.Prompt, "data is taken without the prompt being shown", [], _ => new(), _ => []),
        Define<ModemLatePrompt>("modem", "late-prompt", FaultSpan.Prompt, "the prompt comes later; bytes sent before it wait", [Delay],
            values => new(Time(values[0])), fault => [Number(fault.Delay)]),
        Define<ModemUrc>("modem", "urc", FaultSpan.Once, "a line stands in the middle of what the modem prints",
            [
                new("text", FaultValueKind.Line, "one line, without its CR LF and without other control characters", 1, 500),
                new("afterBytes", FaultValueKind.Number, "after how many printed bytes from the trigger on; with 0 at once", 0, Million, Default: 0),
            ],
            values => new((string)values[0], (int)values[1]), fault => [fault.Text, (long)fault.AfterBytes]),
        Define<ModemBootBanner>("modem", "boot-banner", FaultSpan.Command, "the module crashes over a command and boots at once: the first line of a boot instead of an answer",
            [], _ => new(), _ => []),
        Define<ModemEchoOn>("modem", "echo-on", FaultSpan.Once, "the modem echoes again, as after ATE1 that nobody sent", [], _ => new(), _ => []),
        Define<ModemStarvedData>("modem", "starved-data", FaultSpan.Prompt, "the first bytes of counted data are missed, and the modem waits for as many more",
            [new("bytes", FaultValueKind.Number, "how many bytes are missed", 1, 4096, Default: 1)],
            values => new((int)values[0]), fault => [(long)fault.Bytes]),
        Define<ModemFreeze>("modem", "freeze", FaultSpan.Lasting, "the command processor hangs: input and output wait; a reset ends it", [], _ => new(), _ => []),
        Define<ModemReset>("modem", "reset", FaultSpan.Once, "power is cut and restored: silence, then a boot", [], _ => new(), _ => []),
        Define<ModemReply>("modem", "reply", FaultSpan.Command, "a command is not run; this is its answer",
            [
                new("reply", FaultValueKind.Text, "lines separated by LF; OK is added where no line is a final result", 1, 4096),
                new("delayMs", FaultValueKind.Milliseconds, "how much later", 0, Hour, Default: 0),
            ],
            values => new((string)values[0], Time(values[1])), fault => [fault.Text, Number(fault.Delay)]),

        Define<NetworkDown>("network", "down", FaultSpan.Lasting, "no network is in reach", [], _ => new(), _ => []),
        Define<NetworkUp>("network", "up", FaultSpan.Once, "the network lets the modem in; ends down, searching and denied", [], _ => new(), _ => []),
        Define<NetworkSearching>("network", "searching", FaultSpan.Lasting, "the modem searches and finds nothing", [], _ => new(), _ => []),
        Define<NetworkDenied>("network", "denied", FaultSpan.Lasting, "the network denies registration", [], _ => new(), _ => []),
        Define<NetworkLossy>("network", "lossy", FaultSpan.Lasting, "packets of MQTT connections are lost and repeated by TCP after 1, 2, 4 … s, also once it is over",
            [new("percent", FaultValueKind.Number, "how many of a hundred packets", 1, 100)],
            values => new((int)values[0]), fault => [(long)fault.Percent]),
        Define<NetworkSlow>("network", "slow", FaultSpan.Lasting, "answers and messages of MQTT connections arrive later", [Delay],
            values => new(Time(values[0])), fault => [Number(fault.Delay)]),
        Define<NetworkHalfOpen>("network", "half-open", FaultSpan.Once, "MQTT connections that are open carry nothing any more, and nobody is told; later ones work",
            [], _ => new(), _ => []),

        Define<BrokerRefuse>("broker", "refuse", FaultSpan.Next, "the broker refuses a connection",
            [new("code", FaultValueKind.Number, "return code of CONNACK", 1, 5, Default: 3)],
            values => new((int)values[0]), fault => [(long)fault.Code]),
        Define<BrokerClose>("broker", "close", FaultSpan.Once, "the broker closes all connections", [], _ => new(), _ => []),
        Define<BrokerSilent>("broker", "silent", FaultSpan.Lasting, "the broker takes everything and answers nothing", [], _ => new(), _ => []),
        Define<BrokerSlow>("broker", "slow", FaultSpan.Lasting, "the broker answers later", [Delay],
            values => new(Time(values[0])), fault => [Number(fault.Delay)]),
        Define<BrokerRestart>("broker", "restart", FaultSpan.Lasting, "the broker closes all connections and takes no new ones", [], _ => new(), _ => []),
        Define<BrokerTlsFailure>("broker", "tls-failure", FaultSpan.Next, "a TLS handshake fails", [], _ => new(), _ => []),

        Define<MqttConnLost>("mqtt", "connlost", FaultSpan.Once, "a connection is lost: +CMQTTCONNLOST",
            [Client, new("cause", FaultValueKind.Number, "1 closed by the server, 2 reset, 3 network closed", 1, 3, Default: 1)],
            values => new((int)values[0], (int)values[1]), fault => [(long)fault.Client, (long)fault.Cause]),
        Define<MqttPing>("mqtt", "ping", FaultSpan.Once, "a ping fails: +CMQTTPING; the client stays connected",
            [Client, new("code", FaultValueKind.Number, "the result code; 17 is a time-out", 1, 34, Default: 17)],
            values => new((int)values[0], (int)values[1]), fault => [(long)fault.Client, (long)fault.Code]),
        Define<MqttNoNet>("mqtt", "nonet", FaultSpan.Once, "the MQTT service loses the network: +CMQTTNONET; the registration stays", [], _ => new(), _ => []),
    ];

    /// <summary>What the vocabulary says of a fault.</summary>
    public static FaultDefinition Of(Fault fault) => All.First(definition => definition.Type == fault.GetType());

    /// <summary>Checks the values of a fault and whether its trigger fits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">The trigger contradicts itself, or does not fit the fault.</exception>
    public static void Check(Fault fault, FaultTrigger trigger)
    {
        FaultDefinition definition = Of(fault);
        foreach ((FaultParameter parameter, object value) in definition.Parameters.Zip(definition.Values(fault)))
        {
            parameter.Check(value, definition.FullName);
        }

        foreach ((FaultParameter parameter, object? value) in ValuesOf(trigger))
        {
            if (value is not null)
            {
                parameter.Check(value, "a trigger");
            }
        }

        if (Contradiction(definition, trigger) is { } wrong)
        {
            throw new ArgumentException($"A fault {definition.FullName}: {wrong}.", nameof(trigger));
        }
    }

    /// <summary>The values of a trigger as in JSON; null where there is none.</summary>
    public static IEnumerable<(FaultParameter Parameter, object? Value)> ValuesOf(FaultTrigger trigger) =>
    [
        (At, trigger.At is { } at ? Number(at) : null),
        (On, trigger.Command),
        (Skip, (long)trigger.Skip),
        (Times, (long)trigger.Times),
        (AfterPublishes, (long?)trigger.AfterPublishes),
        (For, trigger.Duration is { } duration ? Number(duration) : null),
    ];

    /// <summary>What is wrong with a trigger, or null.</summary>
    public static string? Contradiction(FaultDefinition definition, FaultTrigger trigger) =>
        new[] { trigger.At is not null, trigger.Command is not null, trigger.AfterPublishes is not null }.Count(given => given) > 1 ? $"only one of {At.Name}, {On.Name} and {AfterPublishes.Name} says when"
        : trigger.Command is { } command && !CommandPattern.IsValid(command) ? $"{On.Name} is the name of a command with AT, such as AT+CMQTTPUB, for one form with ?, = or =? behind it; '{command}' is not"
        : trigger.Command is null && (trigger.Skip != 0 || trigger.Times != 1) ? $"{Skip.Name} and {Times.Name} need {On.Name}"
        : trigger.Duration is not null && !definition.MayLast ? $"it does not last, so {For.Name} has no meaning"
        : null;

    /// <summary>The duration of a JSON value.</summary>
    public static TimeSpan Time(object value) => TimeSpan.FromMilliseconds((int)value);

    private static object Number(TimeSpan time) => time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? time.Ticks / TimeSpan.TicksPerMillisecond : -1L;

    private static LineDirection DirectionOf(object word) => (string)word == ToModem ? LineDirection.ToModem : LineDirection.ToHost;

    private static string Word(LineDirection direction) => direction == LineDirection.ToModem ? ToModem : ToHost;

    private static FaultDefinition Define<T>(
        string group,
        string name,
        FaultSpan span,
        string meaning,
        IReadOnlyList<FaultParameter> parameters,
        Func<IReadOnlyList<object>, T> create,
        Func<T, IReadOnlyList<object>> values)
        where T : Fault => new(group, name, typeof(T), span, meaning, parameters, create, fault => values((T)fault));
}
