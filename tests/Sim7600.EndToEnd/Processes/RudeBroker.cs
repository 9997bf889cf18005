using System.Net;
using System.Net.Sockets;

namespace Sim7600.EndToEnd.Processes;

/// <summary>A server that behaves as no broker should: it says nothing at all, or it takes a message and hangs up.</summary>
internal sealed class RudeBroker : IAsyncDisposable
{
    private static readonly byte[] ConnectionAccepted = [0x20, 2, 0, 0];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _accepts;
    private readonly Task _serving;

    /// <summary>Starts it.</summary>
    /// <param name="accepts">True to answer CONNECT, and to hang up on the next packet; false to answer nothing.</param>
    public RudeBroker(bool accepts)
    {
        _accepts = accepts;
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Completes when the first client has sent something.</summary>
    public Task Called => _called.Task.WaitAsync(ToolProcess.Patience);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _serving;
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_ending.Token);
                NetworkStream stream = client.GetStream();
                byte[] buffer = new byte[4096];
                await stream.ReadAtLeastAsync(buffer, 1, cancellationToken: _ending.Token);
                _called.TrySetResult();
                if (_accepts)
                {
                    await stream.WriteAsync(ConnectionAccepted, _ending.Token);
                }

                await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, cancellationToken: _ending.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or IOException)
        {
            // the test has ended
        }
    }
}
