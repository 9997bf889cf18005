using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Sim7600.Testing;

/// <summary>A server of one connection: a TLS handshake, a CONNECT taken, a CONNACK given; it says what it saw.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<SslStream> _open = [];
    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(30));

    public TlsServer(X509Certificate2 certificate)
    {
        Certificate = certificate;
        _listener.Start();
    }

    public X509Certificate2 Certificate { get; }

    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    public bool DemandsCertificate { get; init; }

    /// <summary>Close behind the handshake instead of answering CONNECT.</summary>
    public bool ClosesAfterHandshake { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Accepts without a word, as a server that does not speak TLS.</summary>
    public async Task<TcpClient> AcceptSilentlyAsync() => await _listener.AcceptTcpClientAsync(_end.Token);

    /// <summary>Accepts and closes, as a server that speaks something else.</summary>
    public async Task AcceptAndCloseAsync()
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
        await client.GetStream().ReadExactlyAsync(new byte[1], _end.Token);
    }

    /// <summary>Serves one connection.</summary>
    public async Task<Seen> ServeAsync()
    {
        TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
        string serverName = "";
        X509Certificate2? shown = null;
        var stream = new SslStream(client.GetStream());

        // What is answered stays open until the test ends: closing at once could take the CONNACK along.
        bool staysOpen = false;
        using var closing = new Closing(() =>
        {
            if (staysOpen)
            {
                _open.Add(stream);
                return;
            }

            stream.Dispose();
            client.Dispose();
        });
        try
        {
            await stream.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    serverName = hello.ServerName;
                    return ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = Certificate,
                        EnabledSslProtocols = Protocols,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        {
                            shown = certificate as X509Certificate2;
                            return shown is not null || !DemandsCertificate;
                        },
                    });
                },
                state: null,
                _end.Token);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or NotSupportedException)
        {
            return new Seen(serverName, SslProtocols.None, shown?.Subject, TlsCipherSuite.TLS_NULL_WITH_NULL_NULL);
        }

        var seen = new Seen(serverName, stream.SslProtocol, shown?.Subject, stream.NegotiatedCipherSuite);
        if (!ClosesAfterHandshake)
        {
            byte[] packet = new byte[256];
            await stream.ReadAtLeastAsync(packet, 2, throwOnEndOfStream: false, _end.Token);
            await stream.WriteAsync(new byte[] { 0x20, 2, 0, 0 }, _end.Token);
            staysOpen = true;
        }

        return seen;
    }

    public void Dispose()
    {
        _open.ForEach(stream => stream.Dispose());
        _listener.Dispose();
        _end.Dispose();
    }

    internal sealed record Seen(string ServerName, SslProtocols Protocol, string? ClientSubject, TlsCipherSuite Suite);

    private sealed class Closing(Action close) : IDisposable
    {
        public void Dispose() => close();
    }
}
