using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sim7600.Driver;
using Sim7600.Driver.Sockets;
using Sim7600.EndToEnd.Processes;
using Sim7600.Testing;

namespace Sim7600.EndToEnd;

/// <summary>The modem's sockets as streams, with a Python server at the far end.</summary>
[Parallelizable(ParallelScope.All)]
[CancelAfter(120_000)]
public class ModemSocketTests
{
    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [TestCase(false, SocketReceiveMode.Manual)]
    [TestCase(false, SocketReceiveMode.Push)]
    [TestCase(true, SocketReceiveMode.Manual)]
    [TestCase(true, SocketReceiveMode.Push)]
    public async Task Bytes_go_both_ways_at_once_and_the_peer_ends_it(bool tls, SocketReceiveMode mode, CancellationToken token)
    {
        using var folder = new TlsFolder();
        using X509Certificate2 server = folder.Authority.Issue("localhost");
        using X509Certificate2 device = folder.Authority.Issue("device-7");
        await using ToolProcess echo = ToolProcess.Start(
            Tools.Python,
            [
                Path.Combine(TestContext.CurrentContext.TestDirectory, "Scripts", "echo_server.py"),
                .. tls ? [folder.Write("s.pem", server.ExportCertificatePem()), folder.Write("k.pem", TestAuthority.KeyPem(server)), folder.CaFile] : Array.Empty<string>(),
            ]);
        int port = int.Parse((await echo.LineAsync("port"))["port ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.Port, ct: token);
        SocketOptions options = new() { ReceiveMode = mode };
        SocketTlsOptions secured = new()
        {
            CaCertificate = Encoding.ASCII.GetBytes(folder.Authority.Pem),
            ClientCertificate = Encoding.ASCII.GetBytes(device.ExportCertificatePem()),
            ClientKey = Encoding.ASCII.GetBytes(TestAuthority.KeyPem(device, "pass word")),
            ClientKeyPassword = "pass word",
        };
        for (int round = 0; round < 2; round++)
        {
            await using SocketStream socket = tls
                ? await modem.Sockets.OpenTlsAsync("localhost", port, secured, options, token)
                : await modem.Sockets.OpenTcpAsync("localhost", port, options, token);
            if (tls)
            {
                Assert.That(await echo.LineAsync("client"), Is.EqualTo("client device-7"));
            }

            // Much more than the modem's window: the echo has to be read while the rest is written.
            byte[] sent = new byte[150_000];
            new Random(round).NextBytes(sent);
            byte[] received = new byte[sent.Length];
            Task reading = socket.ReadExactlyAsync(received, token).AsTask();
            await socket.WriteAsync(sent, token);
            await reading;
            Assert.That(received.AsSpan().SequenceEqual(sent));

            await socket.WriteAsync("quit"u8.ToArray(), token);
            Assert.That(await socket.ReadAsync(new byte[10], token), Is.Zero);
            await echo.LineAsync("closed");
            SocketBrokenException error = (await Assert.ThrowsAsync<SocketBrokenException>(async () => await socket.WriteAsync("x"u8.ToArray(), token)))!;
            Assert.That(error.End, Is.EqualTo(SocketEnd.ClosedByPeer));
        }

        // What is closed here ends there.
        SocketStream last = tls
            ? await modem.Sockets.OpenTlsAsync("localhost", port, secured, options, token)
            : await modem.Sockets.OpenTcpAsync("localhost", port, options, token);
        await last.DisposeAsync();
        await echo.LineAsync("closed");
    }

    [Test]
    public async Task A_host_that_restarts_takes_over_what_it_left_open(CancellationToken token)
    {
        using var folder = new TlsFolder();
        await using MosquittoBroker broker = await folder.StartMosquittoAsync();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync();
        SocketTlsOptions tls = new() { AllowUntrusted = true };
        for (int run = 0; run < 3; run++)
        {
            // Not disposed: only the line is closed, as when the program dies.
            await using Sim7600Modem modem = await Sim7600Modem.OpenAsync(emulator.Port, ct: token);
            SocketStream first = await modem.Sockets.OpenTlsAsync("localhost", broker.Port, tls, ct: token);
            SocketStream second = await modem.Sockets.OpenTlsAsync("localhost", broker.Port, tls, ct: token);
            Assert.That(new[] { first.Number, second.Number }, Is.EquivalentTo(new[] { 0, 1 }), $"run {run}");
            Assert.That(first.IsConnected && second.IsConnected);
        }
    }
}
