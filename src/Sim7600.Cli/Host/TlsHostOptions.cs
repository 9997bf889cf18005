using System.CommandLine;
using Sim7600.Cli.Output;
using Sim7600.Driver.Features;
using Sim7600.Mqtt;

namespace Sim7600.Cli.Host;

/// <summary>The TLS options of the commands that talk to a broker, with the names that mosquitto_pub and mosquitto_sub have.</summary>
internal sealed class TlsHostOptions
{
    private readonly Option<string?> _authority = new("--cafile") { Description = "CA certificate that the broker's certificate is checked against", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--cert") { Description = "client certificate", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "private key of the client certificate", HelpName = "FILE" };
    private readonly Option<string?> _keyPassword = new("--keypass") { Description = "password of an encrypted --key", HelpName = "PASS" };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "do not check the broker's certificate at all" };
    private readonly Option<bool> _nameless = new("--no-sni") { Description = "do not name the broker in the handshake (old firmware cannot)" };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_authority, _certificate, _key, _keyPassword, _insecure, _nameless];

    /// <summary>What the command line asks for.</summary>
    /// <returns>The TLS options; null for <c>mqtt://</c>.</returns>
    /// <exception cref="UsageException">The options do not go together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public MqttTlsOptions? Read(ParseResult parsed, Uri broker)
    {
        if (broker.Scheme != "mqtts")
        {
            Option? given = All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return given is null ? null : throw new UsageException($"{given.Name} is for --broker mqtts://…; with mqtt:// there is no TLS.");
        }

        string? authority = parsed.GetValue(_authority);
        string? certificate = parsed.GetValue(_certificate);
        string? key = parsed.GetValue(_key);
        bool insecure = parsed.GetValue(_insecure);
        if (authority is null && !insecure)
        {
            throw new UsageException("--broker mqtts://… needs --cafile FILE, the CA certificate to check the broker against, or --insecure to check nothing.");
        }

        if (certificate is null != key is null)
        {
            throw new UsageException(key is null ? "--cert needs its private key: add --key FILE." : "--key needs its certificate: add --cert FILE.");
        }

        if (parsed.GetValue(_keyPassword) is not null && key is null)
        {
            throw new UsageException("--keypass is for --key FILE.");
        }

        ReadOnlyMemory<byte> trusted = FileBytes(authority);
        return new MqttTlsOptions
        {
            // mosquitto's --insecure leaves the host name unchecked; the modem can only check all or nothing.
            CaCertificate = insecure ? default : trusted,
            AllowUntrusted = insecure,
            ClientCertificate = FileBytes(certificate),
            ClientKey = FileBytes(key),
            ClientKeyPassword = parsed.GetValue(_keyPassword),
            ServerNameIndication = !parsed.GetValue(_nameless),
        };
    }

    /// <summary>Refuses an encrypted key without its password in the words of the command line.</summary>
    /// <exception cref="UsageException">The password is missing.</exception>
    /// <exception cref="ArgumentException">The key is none.</exception>
    public static void EnsureKeyOpens(MqttTlsOptions? tls)
    {
        if (tls is { ClientKey.IsEmpty: false, ClientKeyPassword: null } && CertificateFile.Create(tls.ClientKey, CertificateKind.ClientKey).IsEncrypted)
        {
            throw new UsageException("The client key is encrypted: give --keypass PASS, or a key without a password.");
        }
    }

    private static ReadOnlyMemory<byte> FileBytes(string? path)
    {
        if (path is null)
        {
            return default;
        }

        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return bytes.Length > 0 ? bytes : throw new IOException($"The file {path} is empty.");
        }
        catch (Exception error) when (error is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"The file {path} cannot be read: {Failure.ReasonOf(error, path)}.", error);
        }
    }
}
