using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Families;

/// <summary>Brings an SSL context and the certificate files that it names together when a connection is made.</summary>
internal static class TlsSettings
{
    /// <summary>Collects what a connection with this context needs.</summary>
    /// <param name="modem">The modem.</param>
    /// <param name="index">The context, 0..9.</param>
    /// <param name="missing">What <c>authmode</c> demands and the modem does not have, or null.</param>
    /// <returns>The settings, or null when something is missing.</returns>
    public static TlsRequest? Collect(VirtualModem modem, int index, out string? missing)
    {
        SslContext context = modem.SslContexts[index];
        string? lack = null;
        TlsFile? authority = Find(context.VerifiesServer, "cacert", context.Authority);
        TlsFile? certificate = Find(context.ShowsCertificate, "clientcert", context.ClientCertificate);
        TlsFile? key = Find(context.ShowsCertificate, "clientkey", context.ClientKey);
        missing = lack;
        return lack is not null ? null : new TlsRequest
        {
            Version = context.Version,
            OffersTls13 = modem.Profile.HasTls13,
            VerifiesServer = context.VerifiesServer,
            VerifiesHostName = modem.Profile.VerifiesHostName,
            IgnoresDates = context.IgnoresLocalTime,
            Now = modem.Clock.Utc,
            NegotiationTime = TimeSpan.FromSeconds(context.NegotiationSeconds),
            SendsServerName = context.SendsServerName,
            Authority = authority,
            ClientCertificate = certificate,
            ClientKey = key,
            KeyPassword = context.KeyPassword,
            CipherSuites = context.CipherSuites.Any(suite => suite is 0 or 0xFFFF) ? [] : context.CipherSuites,
        };

        TlsFile? Find(bool isNeeded, string setting, string name)
        {
            if (!isNeeded)
            {
                return null;
            }

            byte[]? content = modem.Certificates.Find(name);
            if (content is null)
            {
                lack ??= name.Length == 0
                    ? $"authmode {context.AuthenticationMode} of SSL context {index} needs {setting}, which is not set"
                    : $"authmode {context.AuthenticationMode} of SSL context {index} needs {setting}, and there is no file '{name}' in the modem";
                return null;
            }

            return new TlsFile(name, content);
        }
    }
}
