namespace Sim7600.Links;

/// <summary>What went wrong with a link, so that a program can decide without reading the message.</summary>
public enum SerialLinkError
{
    /// <summary>The name is not one that <c>SerialLink.OpenAsync</c> understands.</summary>
    BadName,

    /// <summary>There is no such device, socket or host, or nothing listens there.</summary>
    NotFound,

    /// <summary>The device is there but this user may not open it.</summary>
    NotPermitted,

    /// <summary>Another program has the device open.</summary>
    Busy,

    /// <summary>The path exists but is not a serial device.</summary>
    NotASerialPort,

    /// <summary>The device refuses a setting, for example the line speed.</summary>
    BadSetting,

    /// <summary>The link was open and is gone.</summary>
    Lost,

    /// <summary>Any other error of the operating system.</summary>
    Other,
}
