using System.Security.Cryptography.X509Certificates;
using Sim7600.EndToEnd.Processes;
using Sim7600.Testing;

namespace Sim7600.EndToEnd;

/// <summary>A CA and the files of a mosquitto with TLS, readable for whatever user mosquitto becomes.</summary>
internal sealed class TlsFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sim7600-tls-").FullName;

    public TlsFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        }

        CaFile = Write("ca.pem", Authority.Pem);
    }

    public TestAuthority Authority { get; } = new();

    public string CaFile { get; }

    /// <summary>Starts a mosquitto whose certificate names <c>localhost</c>.</summary>
    public Task<MosquittoBroker> StartMosquittoAsync(params string[] more) => StartMosquittoAsync("localhost", 2044, more);

    public Task<MosquittoBroker> StartMosquittoAsync(string host, int until, params string[] more)
    {
        using X509Certificate2 certificate = Authority.Issue(host, until);
        return MosquittoBroker.StartAsync(
        [
            $"certfile {Write("server.pem", certificate.ExportCertificatePem())}",
            $"keyfile {Write("server-key.pem", TestAuthority.KeyPem(certificate))}",
            $"cafile {CaFile}",
            .. more,
        ]);
    }

    public void Dispose()
    {
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
        }

        return path;
    }
}
