using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sim7600.Emulator.Tests;

/// <summary>A broker without a library: it accepts on loopback, and sends and expects the bytes that the test spells out.</summary>
internal sealed class RawBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));

    public RawBroker() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<Connection> AcceptAsync() => new(await _listener.AcceptSocketAsync(_patience.Token), _patience.Token);

    public void Dispose()
    {
        _listener.Dispose();
        _patience.Dispose();
    }

    /// <summary>One accepted connection.</summary>
    internal sealed class Connection(Socket socket, CancellationToken patience) : IDisposable
    {
        private readonly NetworkStream _stream = new(socket, ownsSocket: true);

        /// <summary>The next packet, whole, with its header; empty when the peer has closed.</summary>
        public async Task<byte[]> ReadAsync()
        {
            byte[] one = new byte[1];
            if (await _stream.ReadAsync(one, patience) == 0)
            {
                return [];
            }

            var packet = new List<byte> { one[0] };
            int length = 0;
            int shift = 0;
            do
            {
                await _stream.ReadExactlyAsync(one, patience);
                packet.Add(one[0]);
                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
            while ((one[0] & 0x80) != 0);
            byte[] body = new byte[length];
            await _stream.ReadExactlyAsync(body, patience);
            return [.. packet, .. body];
        }

        /// <summary>Reads a packet and compares all of it.</summary>
        public async Task ExpectAsync(params byte[] packet) => Assert.That(Convert.ToHexString(await ReadAsync()), Is.EqualTo(Convert.ToHexString(packet)));

        public async Task SendAsync(params byte[] bytes) => await _stream.WriteAsync(bytes, patience);

        /// <summary>Takes a CONNECT and answers it.</summary>
        public async Task<byte[]> AdmitAsync(bool sessionPresent = false)
        {
            byte[] connect = await ReadAsync();
            Assert.That(connect[0], Is.EqualTo(0x10));
            await SendAsync(0x20, 2, (byte)(sessionPresent ? 1 : 0), 0);
            return connect;
        }

        /// <summary>A PUBLISH packet for a short topic and payload.</summary>
        public static byte[] Publish(byte header, string topic, ushort packetId, string payload)
        {
            byte[] id = (header & 0x06) == 0 ? [] : [(byte)(packetId >> 8), (byte)packetId];
            byte[] body = [0, (byte)topic.Length, .. Encoding.ASCII.GetBytes(topic), .. id, .. Encoding.ASCII.GetBytes(payload)];
            return [header, (byte)body.Length, .. body];
        }

        /// <summary>Ends the connection with RST.</summary>
        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close(); // the stream's own end would send FIN first
        }

        /// <summary>Ends the connection with FIN.</summary>
        public void Dispose() => _stream.Dispose();
    }
}
