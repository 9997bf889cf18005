using System.Buffers;
using System.IO.Pipelines;
using Sim7600.Emulator;
using Sim7600.Links;

namespace Sim7600.Simulation.Interleaving;

/// <summary>A line between a host and the modem on which single bytes can be lost, inserted and held up, in each direction.</summary>
internal sealed class TamperedLine
{
    private readonly InMemorySerialLink _modemEnd;
    private readonly VirtualModem _modem;

    public TamperedLine(VirtualTime time, VirtualModem modem)
    {
        _modem = modem;
        (Host, _modemEnd) = InMemorySerialLink.CreatePair("tampered");
        ToHost = new TamperedDirection(time, bytes => _ = WriteAsync(bytes));
        ToModem = new TamperedDirection(time, modem.Receive);
        modem.Attach(ToHost.Take);
        _ = PumpAsync();
    }

    /// <summary>The end that a driver opens.</summary>
    public InMemorySerialLink Host { get; }

    public TamperedDirection ToHost { get; }

    public TamperedDirection ToModem { get; }

    private async Task WriteAsync(byte[] bytes)
    {
        try
        {
            await _modemEnd.WriteAsync(bytes);
        }
        catch (SerialLinkException)
        {
            // the host has hung up
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            ReadResult result = await _modemEnd.Input.ReadAsync();
            if (!result.Buffer.IsEmpty)
            {
                ToModem.Take(result.Buffer.ToArray());
                _modemEnd.Input.AdvanceTo(result.Buffer.End);
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}
