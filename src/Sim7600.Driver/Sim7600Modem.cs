using Sim7600.Driver.Channel;
using Sim7600.Driver.Features;
using Sim7600.Driver.Sockets;
using Sim7600.Links;

namespace Sim7600.Driver;

/// <summary>A SIM7600 on a serial line: the facade over the channel that owns the wire.</summary>
/// <example>
/// <code>
/// await using var modem = await Sim7600Modem.OpenAsync("/dev/ttyUSB2", ct: ct);
/// await modem.Network.WaitForRegistrationAsync(ct);
/// </code>
/// </example>
public sealed class Sim7600Modem : IAsyncDisposable
{
    private static readonly TimeSpan EchoLimit = TimeSpan.FromMilliseconds(500);
    private bool _restoresEcho;

    private Sim7600Modem(AtChannel channel, Sim7600ModemOptions options)
    {
        Channel = channel;
        Options = options;
        Identity = new IdentityFeature(channel);
        Sim = new SimFeature(channel);
        Network = new NetworkFeature(channel, options);
        Certificates = new CertificatesFeature(channel);
        Ssl = new SslFeature(channel);
        Sockets = new SocketsFeature(channel, Certificates, Ssl);
    }

    /// <summary>The options it was opened with.</summary>
    public Sim7600ModemOptions Options { get; }

    /// <summary>The AT channel, for commands that have no feature yet.</summary>
    public AtChannel Channel { get; }

    /// <summary>Who the modem is.</summary>
    public IdentityFeature Identity { get; }

    /// <summary>The SIM.</summary>
    public SimFeature Sim { get; }

    /// <summary>Signal, registration, operator.</summary>
    public NetworkFeature Network { get; }

    /// <summary>The stored certificate files.</summary>
    public CertificatesFeature Certificates { get; }

    /// <summary>The SSL contexts, which say how a TLS connection is made.</summary>
    public SslFeature Ssl { get; }

    /// <summary>TCP and TLS connections through the modem's own stack, as streams.</summary>
    public SocketsFeature Sockets { get; }

    /// <summary>Completes once, with the reason, when the line to the modem is lost or this object is disposed. It never fails.</summary>
    public Task<SerialLinkLoss> Lost => Channel.Closed;

    /// <summary>Opens a port and finds the modem on it.</summary>
    /// <param name="portName">A device path, <c>COM3</c>, <c>tcp://host:port</c>, a UNIX socket, or <c>auto</c>.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Gives up; the port is closed again.</param>
    /// <returns>The modem, with echo off and error texts on (<c>ATE0</c>, <c>AT+CMEE=2</c>).</returns>
    /// <exception cref="SerialLinkException">The port cannot be opened; the message says why.</exception>
    /// <exception cref="ModemNotRespondingException">Nothing answered within <see cref="Sim7600ModemOptions.ProbeTimeout"/>.</exception>
    /// <exception cref="AtException">Something answered, but not as a modem does.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Sim7600Modem> OpenAsync(string portName, Sim7600ModemOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(portName);
        options ??= new Sim7600ModemOptions();
        ISerialLink link = await SerialLink.OpenAsync(portName, options.Serial, ct).ConfigureAwait(false);
        return await OpenAsync(link, options, ct).ConfigureAwait(false);
    }

    /// <summary>Finds the modem on a link that is open already.</summary>
    /// <param name="link">The link. The modem owns it from now on and disposes it, also when this method fails.</param>
    /// <param name="options">Options; null for the defaults. <see cref="Sim7600ModemOptions.Serial"/> has no effect.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The modem, with echo off and error texts on.</returns>
    /// <inheritdoc cref="OpenAsync(string, Sim7600ModemOptions?, CancellationToken)" path="/exception"/>
    public static async Task<Sim7600Modem> OpenAsync(ISerialLink link, Sim7600ModemOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        options ??= new Sim7600ModemOptions();
        var modem = new Sim7600Modem(new AtChannel(link, options.Channel), options);
        try
        {
            if (!await modem.ProbeAsync(ct).ConfigureAwait(false))
            {
                throw NotResponding(modem.Channel);
            }

            await modem.InitialiseAsync(ct).ConfigureAwait(false);
            return modem;
        }
        catch
        {
            await modem.Channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Closes the line. Running calls fail at once; the modem itself goes on as it is, except that its echo is switched on again when it was on.
    /// </summary>
    /// <returns>A task that completes within seconds whatever the line does.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _restoresEcho, false))
        {
            await RestoreEchoAsync().ConfigureAwait(false);
        }

        await Channel.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a link over without a word on it; <see cref="ProbeAsync"/> and <see cref="InitialiseAsync"/> come next.</summary>
    internal static Sim7600Modem Attach(ISerialLink link, Sim7600ModemOptions options) => new(new AtChannel(link, options.Channel), options);

    /// <summary>What to throw, or to tell, after <see cref="ProbeAsync"/> said no.</summary>
    internal static ModemNotRespondingException NotResponding(AtChannel channel) => new(channel.ObserveSilence());

    /// <summary>Asks <c>AT</c> until it is answered or <see cref="Sim7600ModemOptions.ProbeTimeout"/> is over.</summary>
    internal async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        using AtLease lease = await Channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        return await Channel.ProbeAsync(Options.ProbeTimeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets up what a boot resets: echo off, error texts on.</summary>
    internal async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        using AtLease lease = await Channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        Channel.RequestSynchronisation();
        AtReply echoOff = await lease.ExecuteAsync(new AtCommand("ATE0"), cancellationToken).ConfigureAwait(false);
        await lease.ExecuteAsync(new AtCommand("AT+CMEE=2"), cancellationToken).ConfigureAwait(false);
        _restoresEcho |= echoOff.WasEchoed;
    }

    // For whoever types on the line next. A modem that is busy or silent keeps its echo off: closing must not wait for it.
    private async Task RestoreEchoAsync()
    {
        using AtLease? lease = Channel.TryAcquire();
        if (lease is null)
        {
            return;
        }

        // Real time, whatever clock the options have.
        using var limit = new CancellationTokenSource(EchoLimit);
        try
        {
            await lease.ExecuteAsync(new AtCommand("ATE1"), limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AtException or OperationCanceledException)
        {
            // it stays off
        }
    }
}
