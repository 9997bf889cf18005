using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sim7600.EndToEnd.Processes;

/// <summary>A mosquitto of its own on a free loopback port.</summary>
internal sealed class MosquittoBroker : IAsyncDisposable
{
    private readonly string _configuration;
    private ToolProcess _process;

    private MosquittoBroker(ToolProcess process, string configuration, int port)
    {
        _process = process;
        _configuration = configuration;
        Port = port;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<MosquittoBroker> StartAsync(params string[] more)
    {
        string mosquitto = Tools.Mosquitto;
        int port = FreePort();
        string configuration = Path.GetTempFileName();
        await File.WriteAllLinesAsync(configuration, [$"listener {port} 127.0.0.1", "allow_anonymous true", "log_dest stderr", "log_type all", .. more]);
        return new MosquittoBroker(await LaunchAsync(mosquitto, configuration), configuration, port);
    }

    /// <summary>Sends the broker a signal, for example <c>STOP</c>: the network goes on, the broker says nothing more.</summary>
    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    /// <summary>Waits for a line of the broker's log.</summary>
    public Task LogAsync(string text) => _process.ErrorLineAsync(text);

    /// <summary>Ends the broker: with <c>TERM</c> it saves what it keeps, with <c>KILL</c> it does not.</summary>
    public async Task StopAsync(string signal)
    {
        await _process.SignalAsync(signal);
        await _process.ExitAsync();
    }

    /// <summary>Ends the broker if it runs, and starts it anew on the same port with the same configuration.</summary>
    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = await LaunchAsync(Tools.Mosquitto, _configuration);
    }

    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>A mosquitto_sub that has subscribed; each message becomes one line of hexadecimal digits.</summary>
    public static async Task<ToolProcess> SubscribeAsync(string broker, string filter, int count = 1, params string[] more)
    {
        (string host, string port) = Split(broker);
        ToolProcess process = ToolProcess.Start(
            Tools.Stdbuf, ["-oL", Tools.MosquittoSub, "-h", host, "-p", port, "-t", filter, "-q", "1", "-C", count.ToString(CultureInfo.InvariantCulture), "-d", "-F", "payload=%x", .. more]);
        await process.LineAsync("Subscribed");
        return process;
    }

    /// <summary>Publishes a file with mosquitto_pub.</summary>
    public static async Task PublishFileAsync(string broker, string topic, string file, int qos = 1, params string[] more)
    {
        (string host, string port) = Split(broker);
        await using ToolProcess process = ToolProcess.Start(
            Tools.MosquittoPub, ["-h", host, "-p", port, "-t", topic, "-q", qos.ToString(CultureInfo.InvariantCulture), "-f", file, .. more]);
        await process.SucceedAsync();
    }

    /// <summary>The payload of the next message that a mosquitto_sub of <see cref="SubscribeAsync"/> printed.</summary>
    public static async Task<byte[]> PayloadAsync(ToolProcess subscriber) =>
        Convert.FromHexString((await subscriber.LineAsync(line => line.StartsWith("payload=", StringComparison.Ordinal), "a message"))["payload=".Length..]);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        File.Delete(_configuration);
    }

    private static async Task<ToolProcess> LaunchAsync(string mosquitto, string configuration)
    {
        ToolProcess process = ToolProcess.Start(mosquitto, "-c", configuration, "-v");
        await process.ErrorLineAsync("running");
        return process;
    }

    private static (string Host, string Port) Split(string broker) => (broker[..broker.LastIndexOf(':')], broker[(broker.LastIndexOf(':') + 1)..]);
}
