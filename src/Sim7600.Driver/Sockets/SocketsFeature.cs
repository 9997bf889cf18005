using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;
using Sim7600.Protocol;

namespace Sim7600.Driver.Sockets;

/// <summary>
/// The modem's own TCP and TLS: ten links of AT+CIPOPEN and two TLS sessions of AT+CCHOPEN, as streams. The services that they need
/// (AT+NETOPEN, AT+CCHSTART) are started at the first use, or adopted when an earlier run left them open, and stay open.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "It lives as long as the modem, and its semaphore holds no handle.")]
public sealed class SocketsFeature
{
    // Many small lines: a data line of each socket in a burst of pushed data.
    private const int WaitingLines = 8192;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GiveUpLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly AtChannel _channel;
    private readonly CertificatesFeature _certificates;
    private readonly SslFeature _ssl;
    private readonly TcpLinks _tcp;
    private readonly TlsSessions _tls;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private AtUrcSubscription? _urcs;

    internal SocketsFeature(AtChannel channel, CertificatesFeature certificates, SslFeature ssl)
    {
        _channel = channel;
        _certificates = certificates;
        _ssl = ssl;
        _tcp = new TcpLinks(channel);
        _tls = new TlsSessions(channel);
    }

    /// <summary>Opens a TCP connection.</summary>
    /// <param name="host">Name or IPv4 address, 1 to 256 ASCII characters.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="ct">Gives up; the modem is told to close what may have opened.</param>
    /// <returns>The connection. Dispose it before the modem.</returns>
    /// <exception cref="ArgumentException">Host, port or an option are not what the modem takes; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">All ten links are open in this program, or open ones have another receive mode.</exception>
    /// <exception cref="SocketOpenException">The modem could not open it; it has the number and what it means.</exception>
    /// <exception cref="AtException">There was no answer in time, the modem restarted, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<SocketStream> OpenTcpAsync(string host, int port, SocketOptions? options = null, CancellationToken ct = default) =>
        OpenAsync(_tcp, host, port, tls: null, options ?? new SocketOptions(), ct);

    /// <summary>
    /// Opens a TLS connection: the certificates are stored in the modem when they are not there yet, the SSL context is written, then the
    /// modem does the handshake.
    /// </summary>
    /// <param name="host">Name or IPv4 address, 1 to 256 ASCII characters.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="tls">How it is protected.</param>
    /// <param name="options">How else; null for the defaults.</param>
    /// <param name="ct">Gives up; the modem is told to close what may have opened.</param>
    /// <returns>The connection. Dispose it before the modem.</returns>
    /// <exception cref="ArgumentException">Host, port or an option are not what the modem takes; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">Both sessions are open in this program, or the open one has another receive mode.</exception>
    /// <exception cref="SocketOpenException">The modem could not open it; it has the number and what it means.</exception>
    /// <exception cref="CertificateUploadException">The modem refused to store a certificate.</exception>
    /// <exception cref="SslSettingRefusedException">The modem refused a TLS setting; old firmware does not know SNI and key passwords.</exception>
    /// <exception cref="AtException">There was no answer in time, the modem restarted, or the line is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<SocketStream> OpenTlsAsync(string host, int port, SocketTlsOptions tls, SocketOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(tls);
        ArgumentException.ThrowIfNullOrEmpty(host);
        return OpenAsync(_tls, host, port, SslContextSetup.Of(tls, host), options ?? new SocketOptions(), ct);
    }

    /// <summary>Closes a socket in the modem, as far as it answers, and frees its number.</summary>
    internal async Task CloseAsync(SocketStream socket)
    {
        if (!socket.IsGone)
        {
            await CloseAsync(socket.Family, socket.Number, CloseLimit, lease: null).ConfigureAwait(false);
        }

        Free(socket);
    }

    private static string Target(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    private async Task<SocketStream> OpenAsync(SocketFamily family, string host, int port, SslContextSetup? tls, SocketOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(host.Length, SocketLimits.Host, nameof(host));
        Protocol.Grammar.AtCommandWriter.EnsureCarriable(host, nameof(host));
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        options.Validate();
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StartRouting();
            EnsureMode(family, options.ReceiveMode);
            using AtLease lease = await _channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
            return await OpenAsync(lease, family, host, port, tls, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<SocketStream> OpenAsync(
        AtLease lease, SocketFamily family, string host, int port, SslContextSetup? tls, SocketOptions options, CancellationToken cancellationToken)
    {
        string target = Target(host, port);
        TimeSpan timeout = options.OpenTimeout + (tls?.NegotiationTimeout ?? TimeSpan.Zero);
        bool restarted = false;
        int? foreign = null;
        bool tookOver = false;
        await PrepareAsync(lease, family, options.ReceiveMode, target, cancellationToken).ConfigureAwait(false);
        for (int number = NextFree(family, from: 0); ;)
        {
            if (number < 0)
            {
                // All that this program does not have are taken: by an earlier run of it, most likely. Take one over, once.
                if (foreign is not { } taken || tookOver)
                {
                    throw new SocketOpenException(family.OpenCommandName, target, code: null, $"every free {family.Noun} is in use in the modem by another program");
                }

                tookOver = true;
                number = taken;
                await CloseAsync(family, taken, CloseLimit, lease).ConfigureAwait(false);
            }

            if (tls is not null)
            {
                await ApplyAsync(lease, tls, number, cancellationToken).ConfigureAwait(false);
            }

            var socket = new SocketStream(this, family, number, target, options);
            Place(family, number, socket);
            (int? code, long sequence) = await TryOpenAsync(lease, socket, host, port, tls is not null, timeout, cancellationToken).ConfigureAwait(false);
            if (code == 0)
            {
                socket.Opened(sequence);
                return socket;
            }

            socket.Forget();
            Free(socket);
            switch (await family.ExplainAsync(lease, code, cancellationToken).ConfigureAwait(false))
            {
                case OpenFailure.InUse:
                    foreign ??= number;
                    number = tookOver ? -1 : NextFree(family, number + 1);
                    break;
                case OpenFailure.ServiceDown when !restarted:
                    restarted = true;
                    family.IsPrepared = false;
                    await PrepareAsync(lease, family, options.ReceiveMode, target, cancellationToken).ConfigureAwait(false);
                    break;
                case OpenFailure.Files when tls is not null:
                    await tls.DistrustFilesAsync(lease, _certificates).ConfigureAwait(false);
                    goto default;
                default:
                    throw new SocketOpenException(family.OpenCommandName, target, code, code is { } known ? family.MeaningOf(known) : "ERROR without a reason");
            }
        }
    }

    private static async Task PrepareAsync(AtLease lease, SocketFamily family, SocketReceiveMode mode, string target, CancellationToken cancellationToken)
    {
        await family.PrepareAsync(lease, mode, target, cancellationToken).ConfigureAwait(false);
        family.Mode = mode;
    }

    private async Task ApplyAsync(AtLease lease, SslContextSetup tls, int number, CancellationToken cancellationToken)
    {
        int context = tls.Context ?? SocketLimits.CchSessions + number;
        await tls.ApplyAsync(lease, context, _certificates, _ssl, cancellationToken).ConfigureAwait(false);
        var choose = new AtCommand(string.Create(CultureInfo.InvariantCulture, $"AT+CCHSSLCFG={number},{context}"));
        try
        {
            await lease.ExecuteAsync(choose, cancellationToken).ConfigureAwait(false);
        }
        catch (AtErrorException)
        {
            // The session is in use or the service is down: CCHOPEN says so too, and what follows deals with it.
        }
    }

    private async Task<(int? Code, long Sequence)> TryOpenAsync(
        AtLease lease, SocketStream socket, string host, int port, bool tls, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.Family.OpenAsync(lease, socket.Number, host, port, tls, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // It may open later, when nobody waits for it any more.
            socket.Forget();
            await CloseAsync(socket.Family, socket.Number, GiveUpLimit, lease).ConfigureAwait(false);
            Free(socket);
            throw;
        }
    }

    private async Task CloseAsync(SocketFamily family, int number, TimeSpan within, AtLease? lease)
    {
        using var limit = new CancellationTokenSource(within, _channel.TimeProvider);
        try
        {
            AtCommand close = family.CloseCommand(number);
            _ = lease is null
                ? await _channel.ExecuteAsync(close, limit.Token).ConfigureAwait(false)
                : await lease.ExecuteAsync(close, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AtException or OperationCanceledException)
        {
            // It was not open, or nobody answers: there is nothing that a caller could do.
        }
    }

    private void EnsureMode(SocketFamily family, SocketReceiveMode mode)
    {
        lock (_gate)
        {
            if (family.Mode != mode && family.Sockets.Any(socket => socket is not null))
            {
                throw new InvalidOperationException(
                    $"A {family.Noun} with ReceiveMode {family.Mode} is open, and the modem has one mode for all of them: use the same one, or dispose it first.");
            }

            if (family.Sockets.All(socket => socket is not null))
            {
                throw new InvalidOperationException($"All {family.Sockets.Length} of the modem's {family.Noun}s are open in this program: dispose one first.");
            }
        }
    }

    private int NextFree(SocketFamily family, int from)
    {
        lock (_gate)
        {
            return Array.FindIndex(family.Sockets, from, socket => socket is null);
        }
    }

    private void Place(SocketFamily family, int number, SocketStream socket)
    {
        lock (_gate)
        {
            family.Sockets[number] = socket;
        }
    }

    private void Free(SocketStream socket)
    {
        lock (_gate)
        {
            if (ReferenceEquals(socket.Family.Sockets[socket.Number], socket))
            {
                socket.Family.Sockets[socket.Number] = null;
            }
        }
    }

    private void StartRouting()
    {
        if (_urcs is null)
        {
            _urcs = _channel.SubscribeUrcs(WaitingLines);
            AtUrcSubscription urcs = _urcs;
            _ = Task.Run(() => RouteAsync(urcs));
        }
    }

    private async Task RouteAsync(AtUrcSubscription urcs)
    {
        long dropped = 0;
        await foreach (AtUrc urc in urcs.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Route(urc);
            if (urcs.Dropped is var now && now != dropped)
            {
                dropped = now;
                ForEach([_tcp, _tls], socket => socket.MissedSomething());
            }
        }

        string reason = (await _channel.Closed.ConfigureAwait(false)).Reason;
        ForEach([_tcp, _tls], socket => socket.Break(SocketEnd.LineLost, reason));
    }

    private void Route(AtUrc urc)
    {
        switch (urc.Kind.Prefix)
        {
            case "+IPCLOSE:" or "+CIPSEND:" or "+CIPRXGET: 1," or "+CIPRXGET: 2," or "+RECEIVE,":
                SocketOf(_tcp, urc)?.Receive(urc);
                break;
            case "+CCHEVENT:" or "+CCHSEND:" or "+CCHRECV: DATA," or "+CCH_PEER_CLOSED:" or "+CCH_RECV_CLOSED:" or "+CCH_RECV_ERROR:":
                SocketOf(_tls, urc)?.Receive(urc);
                break;
            case "+CIPEVENT:":
                _tcp.IsPrepared = false;
                _tcp.WantsNetClose = true;
                ForEach([_tcp], socket => socket.Receive(urc));
                break;
            default:
                if (urc.Kind.IsBootBanner)
                {
                    _tcp.IsPrepared = false;
                    _tls.IsPrepared = false;
                    ForEach([_tcp, _tls], socket => socket.Receive(urc));
                }

                break;
        }
    }

    private SocketStream? SocketOf(SocketFamily family, AtUrc urc)
    {
        string first = urc.Parameters.Split(',')[0];
        lock (_gate)
        {
            return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < family.Sockets.Length ? family.Sockets[number] : null;
        }
    }

    private void ForEach(SocketFamily[] families, Action<SocketStream> action)
    {
        SocketStream[] open;
        lock (_gate)
        {
            open = [.. families.SelectMany(family => family.Sockets).OfType<SocketStream>()];
        }

        Array.ForEach(open, action);
    }
}
