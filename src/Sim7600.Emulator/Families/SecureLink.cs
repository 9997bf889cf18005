using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>The connection of the CHTTPS commands, with TLS or without. On the modem's loop, except the pump.</summary>
/// <param name="modem">The modem.</param>
/// <param name="arrived">Takes received bytes; on the loop.</param>
/// <param name="closedByPeer">Told when the far end has closed; on the loop.</param>
internal sealed class SecureLink(VirtualModem modem, Action<byte[]> arrived, Action closedByPeer)
{
    private const int LargestPiece = 1500;
    private CancellationTokenSource? _open;
    private Stream? _stream;

    /// <summary>True from the attempt to open it.</summary>
    public bool IsInUse => _open is not null;

    public bool IsOpen => _stream is not null;

    /// <summary>Opens the connection.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="sslContext">The context of AT+CSSLCFG that protects it, or null for plain TCP.</param>
    /// <param name="done">Told the code of <see cref="CchResultCode"/> that it ended in; on the loop.</param>
    public void Open(string host, int port, int? sslContext, Action<CchResultCode> done)
    {
        TlsRequest? tls = null;
        if (sslContext is { } context && (tls = TlsSettings.Collect(modem, context, out _)) is null)
        {
            done(CchResultCode.CertificatesMissing);
            return;
        }

        var open = new CancellationTokenSource();
        _open = open;
        INetworkDialer dialer = modem.Dialer;
        CancellationToken closed = open.Token;
        modem.RunBeside(
            token => ConnectAsync(dialer, host, port, tls, token),
            (stream, error) =>
            {
                if (!ReferenceEquals(_open, open))
                {
                    stream?.Dispose();
                    return;
                }

                if (error is not null)
                {
                    _open = null;
                    done(CchService.CodeOf(error));
                    return;
                }

                _stream = stream;
                done(CchResultCode.Success);
                Pump(stream!, closed);
            },
            stream => stream.Dispose(),
            closed);
    }

    /// <summary>Sends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="done">Told the code of <see cref="CchResultCode"/>; on the loop.</param>
    public void Send(byte[] bytes, Action<CchResultCode> done)
    {
        if (_stream is not { } stream)
        {
            done(CchResultCode.ClosedByPeer);
            return;
        }

        modem.RunBeside(
            async token =>
            {
                await stream.WriteAsync(bytes, token).ConfigureAwait(false);
                await stream.FlushAsync(token).ConfigureAwait(false);
                return true;
            },
            (_, error) => done(error is null ? CchResultCode.Success : CchResultCode.TransferFailed),
            cancellationToken: _open!.Token);
    }

    public void Close()
    {
        _open?.Cancel();
        _open = null;
        _stream?.Dispose();
        _stream = null;
    }

    private async Task<Stream> ConnectAsync(INetworkDialer dialer, string host, int port, TlsRequest? tls, CancellationToken cancellationToken)
    {
        DialedConnection connection = await dialer.ConnectAsync(host, port, 0, cancellationToken).ConfigureAwait(false);
        DialedConnection kept = tls is null
            ? connection
            : await dialer.SecureAsync(connection, tls, host, modem.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        return kept.Stream;
    }

    private void Pump(Stream stream, CancellationToken closed) => _ = Task.Run(
        async () =>
        {
            byte[] buffer = new byte[LargestPiece];
            int count = 1;
            while (count > 0)
            {
                try
                {
                    count = await stream.ReadAsync(buffer, closed).ConfigureAwait(false);
                }
                catch (Exception)
                {
                    count = 0; // a connection that breaks ends as one that the peer closes
                }

                byte[] bytes = buffer[..count];
                modem.Post(() =>
                {
                    if (closed.IsCancellationRequested)
                    {
                        return;
                    }

                    if (bytes.Length > 0)
                    {
                        arrived(bytes);
                    }
                    else
                    {
                        Close();
                        closedByPeer();
                    }
                });
            }
        },
        CancellationToken.None);
}
