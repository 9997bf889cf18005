using System.Security.Cryptography.X509Certificates;
using Sim7600.EndToEnd.Processes;
using Sim7600.Testing;

namespace Sim7600.EndToEnd;

/// <summary>Password, key and key password on the way through both programs: neither prints them, whether it works or not.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SecretsTests
{
    private const string Password = "s3cr3t-Passw0rd";
    private const string KeyPassword = "0pen-sesame";
    private const string Pin = "73919155";

    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [TestCase(Password, KeyPassword, 0)]
    [TestCase("wr0ng-Passw0rd", KeyPassword, 1)]
    [TestCase(Password, "wr0ng-sesame", 1)]
    public async Task No_secret_is_in_any_output_or_trace(string password, string keyPassword, int exitCode)
    {
        using var tls = new TlsFolder();
        string passwords = tls.Write("passwords", "");
        using (System.Diagnostics.Process file = System.Diagnostics.Process.Start(Tools.MosquittoPasswd, ["-b", passwords, "user", Password]))
        {
            await file.WaitForExitAsync();
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(passwords, (UnixFileMode)0b110_100_100); // mosquitto reads it as its own user
        }

        await using MosquittoBroker mosquitto = await tls.StartMosquittoAsync("require_certificate true", "allow_anonymous false", $"password_file {passwords}");
        using X509Certificate2 client = tls.Authority.Issue("node-7");
        string key = TestAuthority.KeyPem(client, KeyPassword);
        string trace = tls.Write("trace.jsonl", "");
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync("--broker", "direct", "--tcp", "127.0.0.1:0", "--trace", trace);
        using (RawModem raw = await RawModem.OpenAsync(emulator))
        {
            await raw.SayAsync($"at+cpin=\"{Pin}\"", "\r\n+CME ERROR: operation not allowed\r\n");
            await raw.SayAsync($"AT+CPIN {Pin}", "\r\nERROR\r\n");
        }

        foreach (bool json in (bool[])[false, true])
        {
            await using ToolProcess pub = ToolProcess.Sim7600(
            [
                "pub", "--modem", emulator.Port, "--broker", $"mqtts://localhost:{mosquitto.Port}", "-t", "x", "-m", "y", "-q", "1", "-u", "user", "-P", password,
                "--cafile", tls.CaFile, "--cert", tls.Write("client.pem", client.ExportCertificatePem()), "--key", tls.Write("client-key.pem", key), "--keypass", keyPassword,
                .. json ? new[] { "--json" } : [],
            ]);
            Assert.That(await pub.ExitAsync(), Is.EqualTo(exitCode), pub.Errors);
            NothingIsIn(pub.Output + pub.Errors, key, password, keyPassword);
        }

        await emulator.Process.SignalAsync("TERM");
        await emulator.Process.ExitAsync();
        string traced = await File.ReadAllTextAsync(trace);
        Assert.That(traced.TrimEnd('\n').Split('\n'), Has.All.StartWith("{\"t\":").And.All.EndWith("}"));
        NothingIsIn(emulator.Process.Output + emulator.Process.Errors + traced, key, password, keyPassword, Pin);
        Assert.That(traced, Does.Contain("AT+CCERTDOWN=").And.Contain("keypwd").And.Contain("AT+CMQTTCONNECT=0").And.Contain("at+cpin="), "it is a trace");
        Assert.That(traced.Contains("\"PUBLISH\"", StringComparison.Ordinal), Is.EqualTo(exitCode == 0));
    }

    private static void NothingIsIn(string text, string key, params string[] secrets)
    {
        IEnumerable<string> keyLines = key.Split('\n').Where(line => line.Length >= 16 && !line.StartsWith('-'));
        foreach (string secret in keyLines.Concat(secrets))
        {
            Assert.That(text, Does.Not.Contain(secret));
            Assert.That(text, Does.Not.Contain(Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(secret))).IgnoreCase);
            Assert.That(text, Does.Not.Contain(Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(secret))[..^4]));
        }

        Assert.That(text, Does.Not.Contain("PRIVATE KEY"));
    }
}
