namespace Sim7600.EndToEnd;

/// <summary>Payloads that break those who read lines instead of counting.</summary>
internal static class Payloads
{
    /// <summary>Final results, prompts, NULs and every byte value, twice around, in so many bytes.</summary>
    public static byte[] Nasty(int length)
    {
        byte[] head = [.. "\n\r\nOK\r\n>\0\r\nERROR\r\n+CMQTTRXEND: 0\r\nAT+CMQTTSTOP\r"u8, .. Enumerable.Range(0, 256).Select(value => (byte)value)];
        return [.. Enumerable.Range(0, length).Select(i => head[i % head.Length])];
    }

    /// <summary>A payload in a file that is deleted with the returned object.</summary>
    public static TemporaryFile InFile(byte[] payload)
    {
        var file = new TemporaryFile();
        File.WriteAllBytes(file.Path, payload);
        return file;
    }
}
