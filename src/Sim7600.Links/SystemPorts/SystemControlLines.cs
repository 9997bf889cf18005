using System.IO.Ports;

namespace Sim7600.Links;

/// <summary>The control lines of a System.IO.Ports port.</summary>
internal sealed class SystemControlLines : IControlLines
{
    private readonly SerialPort _port;

    private SystemControlLines(SerialPort port)
    {
        _port = port;
    }

    public bool DataTerminalReady
    {
        get => _port.DtrEnable;
        set => _port.DtrEnable = value;
    }

    public bool RequestToSend
    {
        get => _port.RtsEnable;
        set => _port.RtsEnable = value;
    }

    public bool ClearToSend => _port.CtsHolding;

    public bool DataSetReady => _port.DsrHolding;

    public bool CarrierDetect => _port.CDHolding;

    public bool RingIndicator => false; // System.IO.Ports reports it as an event only

    /// <summary>The lines with DTR and RTS asserted, or null where the port has none.</summary>
    public static SystemControlLines? Of(SerialPort port)
    {
        try
        {
            port.DtrEnable = true;
            if (port.Handshake == Handshake.None)
            {
                port.RtsEnable = true;
            }

            return new SystemControlLines(port);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
