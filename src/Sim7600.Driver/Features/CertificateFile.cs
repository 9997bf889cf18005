using System.Security.Cryptography;
using System.Text;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Features;

/// <summary>
/// A certificate or key as the modem is to store it, under a name that is made of its content: <c>ca-0123456789abcdef.pem</c>. The same
/// content has the same name in every run of every program, so a file that the modem lists already need not be sent again.
/// </summary>
/// <remarks>
/// PEM text gets LF line ends and no byte order mark: files with CR LF were seen to be stored and then refused at the handshake with code
/// 34 (<c>cmqtt.md</c> 10.5). Its text form is the name, so that a key never reaches a log through it.
/// </remarks>
public sealed class CertificateFile
{
    private CertificateFile(string name, CertificateKind kind, byte[] content, bool isEncrypted)
    {
        Name = name;
        Kind = kind;
        Content = content;
        IsEncrypted = isEncrypted;
    }

    /// <summary>The name in the modem: kind, 16 hexadecimal digits of the content's SHA-256, <c>.pem</c> or <c>.der</c>.</summary>
    public string Name { get; }

    /// <summary>What it is for.</summary>
    public CertificateKind Kind { get; }

    /// <summary>The bytes as they are sent.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>True for a PEM key that cannot be used without its password.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Makes the file of a certificate or a key.</summary>
    /// <param name="content">PEM or DER, 1 to 10,240 bytes.</param>
    /// <param name="kind">What it is for.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">
    /// The bytes are neither PEM nor DER, are something else than <paramref name="kind"/> says, or are too many.
    /// </exception>
    public static CertificateFile Create(ReadOnlyMemory<byte> content, CertificateKind kind)
    {
        (string prefix, string what, string label) = kind switch
        {
            CertificateKind.CertificateAuthority => ("ca", "CA certificate", "CERTIFICATE-----"),
            CertificateKind.Client => ("cert", "client certificate", "CERTIFICATE-----"),
            CertificateKind.ClientKey => ("key", "client key", "PRIVATE KEY-----"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of certificate file."),
        };
        bool isDer = content.Length > 1 && content.Span[0] == 0x30 && content.Span[1] >= 0x80;
        bool isPem = !isDer && IsPem(content.Span);
        if (!isDer && !isPem)
        {
            throw new ArgumentException($"The {what} is neither PEM (-----BEGIN …) nor DER.", nameof(content));
        }

        byte[] bytes = isPem ? WithLineFeeds(content.Span) : content.ToArray();
        if (isPem && bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(label)) < 0)
        {
            throw new ArgumentException($"The {what} has no block -----BEGIN … {label}: is it another of the files?", nameof(content));
        }

        if (bytes.Length > SslLimits.File)
        {
            throw new ArgumentException(
                $"The {what} has {bytes.Length} bytes; the modem takes 1 to {SslLimits.File}. "
                + "Give the one certificate that is needed, not a bundle of many.", nameof(content));
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
        bool isEncrypted = isPem && kind == CertificateKind.ClientKey
            && (bytes.AsSpan().IndexOf("ENCRYPTED PRIVATE KEY"u8) >= 0 || bytes.AsSpan().IndexOf("4,ENCRYPTED"u8) >= 0);
        return new CertificateFile($"{prefix}-{hash}.{(isPem ? "pem" : "der")}", kind, bytes, isEncrypted);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal static bool IsPem(ReadOnlySpan<byte> content) => content.IndexOf("-----BEGIN "u8) >= 0;

    internal static byte[] WithLineFeeds(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        byte[] result = new byte[text.Length];
        int length = 0;
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] != '\r')
            {
                result[length++] = text[index];
            }
            else if (index + 1 == text.Length || text[index + 1] != '\n')
            {
                result[length++] = (byte)'\n';
            }
        }

        return result[..length];
    }

    internal static void EnsureName(string name, string argumentName)
    {
        AtCommandWriter.EnsureCarriable(name, argumentName);
        if (name.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"The file name {name} has characters outside ASCII; use ASCII.", argumentName);
        }

        if (name.Length is < SslLimits.FileNameMinimum or > SslLimits.FileName)
        {
            throw new ArgumentException(
                $"The file name has {name.Length} characters; the modem takes {SslLimits.FileNameMinimum} to {SslLimits.FileName}.", argumentName);
        }

        if (!name.EndsWith(".pem", StringComparison.Ordinal) && !name.EndsWith(".der", StringComparison.Ordinal))
        {
            throw new ArgumentException($"The file name {name} must end in .pem or .der.", argumentName);
        }
    }
}
