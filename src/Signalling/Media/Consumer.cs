namespace Telemedicine.Media;

/// <summary>One producer forwarded to one receiving transport. Created paused.</summary>
public sealed class Consumer
{
    public Guid Id => throw new NotImplementedException();

    public MediaKind Kind => throw new NotImplementedException();

    /// <summary>What the client passes to its receive transport's consume().</summary>
    public RtpParameters RtpParameters => throw new NotImplementedException();

    public Task PauseAsync() => throw new NotImplementedException();

    /// <summary>Starts forwarding; video asks its producer for a key frame.</summary>
    public Task ResumeAsync() => throw new NotImplementedException();

    public Task CloseAsync() => throw new NotImplementedException();
}
