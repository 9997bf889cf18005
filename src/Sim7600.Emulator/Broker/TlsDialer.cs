using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;

namespace Sim7600.Emulator.Broker;

/// <summary>
/// Opens one TLS connection for MQTTnet's client, or secures one of another family. The handshake is done here and not by MQTTnet, because the modem's code
/// depends on the phase that failed, and because its time-out runs on the modem's clock.
/// </summary>
internal sealed class TlsDialer : IMqttClientStreamProvider
{
    private readonly TlsRequest _request;
    private readonly TlsMaterial _material;
    private readonly string _host;
    private readonly TimeProvider _time;
    private readonly Action<EndPoint, string>? _announce;
    private string? _verdict;

    /// <summary>Creates a dialer.</summary>
    /// <param name="request">How the connection is protected.</param>
    /// <param name="material">The files of it.</param>
    /// <param name="host">The host that the firmware named: for SNI, and what the certificate must name.</param>
    /// <param name="time">The modem's clock.</param>
    /// <param name="announce">Told, once connected and before the handshake, from where and to which host.</param>
    public TlsDialer(TlsRequest request, TlsMaterial material, string host, TimeProvider time, Action<EndPoint, string>? announce)
    {
        _request = request;
        _material = material;
        _host = host;
        _time = time;
        _announce = announce;
    }

    /// <summary>Called when the peer has reset the connection.</summary>
    public Action? Reset { get; init; }

    /// <summary>Why the handshake failed, or null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>True once the handshake is through.</summary>
    public bool IsSecured { get; private set; }

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            _announce?.Invoke(socket.LocalEndPoint!, _host);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await SecureAsync(new SslStream(new WatchedSocketStream(socket, Reset)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does the handshake over a connection that is open already.</summary>
    /// <param name="stream">The connection; it is closed when the handshake fails.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The stream, secured.</returns>
    public async Task<SslStream> SecureAsync(SslStream stream, CancellationToken cancellationToken)
    {
        try
        {
            await NegotiateAsync(stream, cancellationToken).ConfigureAwait(false);
            IsSecured = true;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task NegotiateAsync(SslStream stream, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_request.NegotiationTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await stream.AuthenticateAsClientAsync(Options(), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = string.Create(CultureInfo.InvariantCulture, $"the TLS handshake took longer than {_request.NegotiationTime.TotalSeconds} s (negotiatetime)");
            throw;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Failure = _verdict ?? Explain(error);
            throw;
        }
    }

    private SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _request.SendsServerName ? _host : "", // without a name no SNI is sent
            EnabledSslProtocols = Protocols(),
            ClientCertificateContext = _material.Client,
            CertificateChainPolicy = Policy(),
            RemoteCertificateValidationCallback = Verify,
        };
        if (_request.CipherSuites.Count > 0)
        {
            // Windows chooses cipher suites for the whole machine; there the context's list has no effect.
            options.CipherSuitesPolicy = OperatingSystem.IsWindows() ? null
                : new CipherSuitesPolicy(_request.CipherSuites.Select(suite => (TlsCipherSuite)suite));
        }

        return options;
    }

    private SslProtocols Protocols()
    {
#pragma warning disable SYSLIB0039, CA5397 // the modem offers TLS 1.0 and 1.1; whether this computer's OpenSSL still speaks them is its own affair
        return _request.Version switch
        {
            0 => throw new AuthenticationException("this computer's TLS library has no SSL 3.0 (sslversion 0)"),
            1 => SslProtocols.Tls,
            2 => SslProtocols.Tls11,
            3 => SslProtocols.Tls12,
            _ => SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12 | (_request.OffersTls13 ? SslProtocols.Tls13 : SslProtocols.None),
        };
#pragma warning restore SYSLIB0039, CA5397
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _request.Now.UtcDateTime,
        };
        if (_request.IgnoresDates)
        {
            policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreCtlNotTimeValid;
        }

        if (_material.Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }

    private bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (!_request.VerifiesServer)
        {
            return true;
        }

        if (certificate is not X509Certificate2 server)
        {
            _verdict = "the server showed no certificate";
        }
        else if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            _verdict = Explain(server, chain);
        }
        else if (_request.VerifiesHostName && !Names(server, _host))
        {
            _verdict = $"the server's certificate ({server.Subject}) does not name the host '{_host}'";
        }

        return _verdict is null;
    }

    private static bool Names(X509Certificate2 certificate, string host)
    {
        try
        {
            return certificate.MatchesHostname(host);
        }
        catch (ArgumentException)
        {
            return false; // no host name and no address, so no certificate can name it
        }
        catch (CryptographicException)
        {
            return false; // the list of names in the certificate is broken
        }
    }

    private string Explain(X509Certificate2 server, X509Chain? chain)
    {
        X509ChainStatusFlags faults = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.PartialChain;
        if ((faults & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
        {
            string trusted = _request.Authority is { } file ? $"in '{file.Name}'" : "that this computer trusts";
            return $"the server's certificate ({server.Subject}, issued by {server.Issuer}) does not lead to a CA {trusted}";
        }

        if ((faults & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            X509Certificate2 late = chain!.ChainElements.First(element => element.ChainElementStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid)).Certificate;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the certificate of {late.Subject} is valid from {late.NotBefore:u} to {late.NotAfter:u}, the modem's clock (AT+CCLK) says {_request.Now:u}, and ignorelocaltime is 0");
        }

        return $"the server's certificate ({server.Subject}) is not acceptable: {faults}";
    }

    private static string Explain(Exception error)
    {
        Exception innermost = error.GetBaseException();
        return innermost is IOException or SocketException
            ? $"the server ended the connection during the TLS handshake; it may not speak TLS on this port, or not this version of it ({innermost.Message})"
            : $"no TLS handshake: {innermost.Message}";
    }
}
