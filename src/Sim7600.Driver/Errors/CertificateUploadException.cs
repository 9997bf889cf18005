namespace Sim7600.Driver;

/// <summary>The modem refused to store a certificate file.</summary>
public sealed class CertificateUploadException : AtException
{
    internal CertificateUploadException(string fileName, int length, AtErrorException refusal)
        : base(
            $"Storing {fileName} ({length} bytes) failed: {refusal.Message.TrimEnd('.')}. Try: delete certificate files that are not needed "
            + "(AT+CCERTLIST shows them), for the modem's store may be full; and on old firmware an update.",
            refusal.Command,
            wasWritten: true,
            refusal) => FileName = fileName;

    /// <summary>The file's name.</summary>
    public string FileName { get; }
}
