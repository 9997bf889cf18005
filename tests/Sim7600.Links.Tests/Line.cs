using System.Net;

namespace Sim7600.Links.Tests;

/// <summary>Both ends of a line of any kind: a host's, as a user opens it, and a modem's, as the emulator serves it.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private Line(TemporaryFolder folder, ISerialLink host, ISerialLink modem)
    {
        _folder = folder;
        Host = host;
        Modem = modem;
    }

    public ISerialLink Host { get; }

    public ISerialLink Modem { get; }

    public static async Task<Line> OpenAsync(LineKind kind, CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        switch (kind)
        {
            case LineKind.Memory:
                (InMemorySerialLink host, InMemorySerialLink modem) = InMemorySerialLink.CreatePair();
                return new Line(folder, host, modem);
            case LineKind.Tcp:
                await using (var listener = SerialLinkListener.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0)))
                {
                    return await ConnectAsync(folder, listener, $"tcp://{listener.LocalEndPoint}", cancellationToken);
                }

            case LineKind.Unix:
                await using (var listener = SerialLinkListener.ListenUnix(folder["modem"]))
                {
                    return await ConnectAsync(folder, listener, $"unix://{folder["modem"]}", cancellationToken);
                }

            default:
                var port = PtyPort.Create(folder["tty"]);
                return new Line(
                    folder,
                    kind == LineKind.SystemPorts ? SystemSerialLink.Open(port.Name) : await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken),
                    port);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.CloseAsync();
        await Modem.CloseAsync();
        _folder.Dispose();
    }

    private static async Task<Line> ConnectAsync(TemporaryFolder folder, SerialLinkListener listener, string name, CancellationToken cancellationToken)
    {
        Task<ISerialLink> accepted = listener.AcceptAsync(cancellationToken);
        return new Line(folder, await SerialLink.OpenAsync(name, cancellationToken: cancellationToken), await accepted);
    }
}
