using Sim7600.Emulator.Families;

namespace Sim7600.Emulator.Scenarios;

/// <summary>The state in which a session starts, in the words of transcripts and scenario files; what is left out is as usual.</summary>
internal sealed record GivenState
{
    private static readonly Dictionary<string, bool> BootWords = new() { ["done"] = false, ["cold"] = true };

    private static readonly Dictionary<string, GivenSim> SimWords = new()
    {
        ["ready"] = GivenSim.Ready,
        ["absent"] = GivenSim.Absent,
        ["pin"] = GivenSim.Pin,
        ["puk"] = GivenSim.Puk,
        ["busy"] = GivenSim.Busy,
    };

    private static readonly Dictionary<string, NetworkState> NetworkWords = new()
    {
        ["home"] = NetworkState.Home,
        ["roaming"] = NetworkState.Roaming,
        ["searching"] = NetworkState.Searching,
        ["denied"] = NetworkState.Denied,
        ["none"] = NetworkState.None,
    };

    private static readonly Dictionary<string, bool> PdpWords = new() { ["inactive"] = false, ["active"] = true };
    private static readonly Dictionary<string, bool> ServiceWords = new() { ["stopped"] = false, ["started"] = true };

    private static readonly Dictionary<string, CmqttClientState> ClientWords = new()
    {
        ["acquired"] = CmqttClientState.Acquired,
        ["connected"] = CmqttClientState.Connected,
    };

    /// <summary>Name of the firmware profile.</summary>
    public string? Profile { get; init; }

    /// <summary>ATE.</summary>
    public bool? Echo { get; init; }

    /// <summary>True when the session begins with the power-on.</summary>
    public bool ColdBoot { get; init; }

    public GivenSim Sim { get; init; } = GivenSim.Ready;

    public NetworkState Network { get; init; } = NetworkState.Home;

    /// <summary>Whether the data context is active.</summary>
    public bool PacketDataActive { get; init; } = true;

    /// <summary>Whether AT+NETOPEN was done.</summary>
    public bool NetworkServiceOpen { get; init; }

    public bool MqttStarted { get; init; }

    public IReadOnlyList<GivenClient> MqttClients { get; init; } = [];

    /// <summary>What the broker does; null leaves the real one in place.</summary>
    public GivenBroker? Broker { get; init; }

    /// <summary>Names of certificate files in the module.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>Fields of the identity by their name in the file.</summary>
    public IReadOnlyDictionary<string, string> Identity { get; init; } = new Dictionary<string, string>();

    public bool GnssOn { get; init; }

    public bool GnssFix { get; init; }

    /// <summary>What a command shows, by its name: one line, or several.</summary>
    public IReadOnlyDictionary<string, GivenValue> Values { get; init; } = new Dictionary<string, GivenValue>();

    /// <summary>Short messages on the card.</summary>
    public IReadOnlyList<GivenMessage> Messages { get; init; } = [];

    /// <summary>What was typed before a recorded session begins, in its middle; what that printed is not compared.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    public static GivenState Read(JsonDocumentNode node)
    {
        node.AsObject("given", "profile", "echo", "boot", "sim", "network", "mqtt", "broker", "files", "identity", "gnss", "values", "sms", "before");
        JsonDocumentNode? network = node.Find("network")?.AsObject("network", "state", "pdp", "netopen");
        JsonDocumentNode? mqtt = node.Find("mqtt")?.AsObject("mqtt", "service", "clients");
        JsonDocumentNode? files = node.Find("files")?.AsObject("files", "certificates");
        JsonDocumentNode? gnss = node.Find("gnss")?.AsObject("gnss", "on", "fix");
        JsonDocumentNode? identity = node.Find("identity")?.AsObject("identity", GivenIdentity.Fields);
        List<GivenClient> clients = ReadEachOnce(mqtt?.Find("clients"), "clients", ReadClient, client => client.Index);
        bool started = mqtt?.Find("service")?.AsWord("service", ServiceWords) ?? clients.Count > 0;
        if (!started && clients.Count > 0)
        {
            throw mqtt!.Find("service")!.Wrong("a started service, since there are clients");
        }

        return new GivenState
        {
            Profile = node.Find("profile") is { } profile
                ? FirmwareProfiles.Find(profile.AsText("profile"))?.Name ?? throw profile.Wrong($"profile to be one of {string.Join(", ", FirmwareProfiles.All.Select(each => each.Name))}")
                : null,
            Echo = node.Find("echo")?.AsFlag("echo"),
            ColdBoot = node.Find("boot")?.AsWord("boot", BootWords) ?? false,
            Sim = node.Find("sim")?.AsWord("sim", SimWords) ?? GivenSim.Ready,
            Network = network?.Find("state")?.AsWord("state", NetworkWords) ?? NetworkState.Home,
            PacketDataActive = network?.Find("pdp")?.AsWord("pdp", PdpWords) ?? true,
            NetworkServiceOpen = network?.Find("netopen")?.AsFlag("netopen") ?? false,
            MqttStarted = started,
            MqttClients = clients,
            Broker = node.Find("broker") is { } broker ? GivenBroker.Read(broker) : null,
            Certificates = [.. files?.Find("certificates")?.AsList("certificates").Select(name => name.AsText("the name of a certificate file")) ?? []],
            Identity = identity?.Members.ToDictionary(member => member.Key, member => GivenIdentity.Read(member.Key, member.Value)) ?? [],
            GnssOn = gnss?.Find("on")?.AsFlag("on") ?? false,
            GnssFix = gnss?.Find("fix")?.AsFlag("fix") ?? false,
            Values = node.Find("values")?.AsObject("values").Members.ToDictionary(
                member => member.Key.StartsWith('+') ? member.Key.ToUpperInvariant() : throw member.Value.Wrong("a command name that begins with + for each value"),
                member => GivenValue.Read(member.Key, member.Value)) ?? [],
            Before = [.. node.Find("before")?.AsList("before").Select(line => line.AsText("a typed line")) ?? []],
            Messages = ReadEachOnce(node.Find("sms"), "sms", GivenMessage.Read, message => message.Arrives ? null : message.Index),
        };
    }

    /// <summary>The items of a list, no two of which take the same place; an item that takes none has no index.</summary>
    private static List<T> ReadEachOnce<T>(JsonDocumentNode? list, string what, Func<JsonDocumentNode, T> read, Func<T, int?> indexOf)
    {
        var items = new List<T>();
        var taken = new HashSet<int>();
        foreach (JsonDocumentNode node in list?.AsList(what) ?? [])
        {
            T item = read(node);
            if (indexOf(item) is { } index && !taken.Add(index))
            {
                throw node.Error($"expected each index of {what} once, {index} stands there again.");
            }

            items.Add(item);
        }

        return items;
    }

    private static GivenClient ReadClient(JsonDocumentNode node)
    {
        node.AsObject("a client", "index", "id", "state", "tls");
        return new GivenClient(
            node.Find("index")?.AsNumber("index", 0, Protocol.CmqttLimits.Clients - 1) ?? 0,
            node.Find("id")?.AsText("id") ?? "client",
            node.Find("state")?.AsWord("state", ClientWords) ?? CmqttClientState.Acquired,
            node.Find("tls")?.AsFlag("tls") ?? false);
    }
}
