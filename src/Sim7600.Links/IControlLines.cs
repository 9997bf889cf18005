namespace Sim7600.Links;

/// <summary>The control lines of a serial port (V.24 names). True means asserted.</summary>
public interface IControlLines
{
    /// <summary>Data terminal ready, set by this side.</summary>
    bool DataTerminalReady { get; set; }

    /// <summary>Request to send, set by this side; leave it alone under hardware flow control.</summary>
    bool RequestToSend { get; set; }

    /// <summary>Clear to send, set by the other side.</summary>
    bool ClearToSend { get; }

    /// <summary>Data set ready, set by the other side.</summary>
    bool DataSetReady { get; }

    /// <summary>Carrier detect, set by the other side.</summary>
    bool CarrierDetect { get; }

    /// <summary>Ring indicator, set by the other side.</summary>
    bool RingIndicator { get; }
}
