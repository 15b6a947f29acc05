namespace Telemedicine.Media;

/// <summary>One track that a client sends.</summary>
public sealed class Producer
{
    public Guid Id => throw new NotImplementedException();

    public MediaKind Kind => throw new NotImplementedException();

    public RtpParameters RtpParameters => throw new NotImplementedException();

    public bool Paused => throw new NotImplementedException();

    /// <summary>Consumers stop receiving until <see cref="ResumeAsync"/>, which asks for a key frame.</summary>
    public Task PauseAsync() => throw new NotImplementedException();

    public Task ResumeAsync() => throw new NotImplementedException();

    /// <summary>Closes it with its consumers.</summary>
    public Task CloseAsync() => throw new NotImplementedException();
}
