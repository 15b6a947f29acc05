using System.Text.Json.Serialization;

namespace Telemedicine.Signalling.Contracts;

/// <summary>What a connection carries: the ladder, from the top down.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallStep>))]
public enum CallStep
{
    [JsonStringEnumMemberName("video")]
    Video,

    /// <summary>The smallest picture.</summary>
    [JsonStringEnumMemberName("lowVideo")]
    LowVideo,

    /// <summary>Sound alone.</summary>
    [JsonStringEnumMemberName("audio")]
    Audio,

    /// <summary>They talk on the telephone, in the same consultation. Somebody chose it.</summary>
    [JsonStringEnumMemberName("telephone")]
    Telephone,
}

/// <summary>Why somebody does not take part as they should.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallTrouble>))]
public enum CallTrouble
{
    /// <summary>Their camera is blocked, missing or unplugged.</summary>
    [JsonStringEnumMemberName("camera")]
    Camera,

    [JsonStringEnumMemberName("microphone")]
    Microphone,

    /// <summary>Their page is not there, and they did not leave.</summary>
    [JsonStringEnumMemberName("connection")]
    Connection,

    /// <summary>Their connection carries less than video, one way or the other.</summary>
    [JsonStringEnumMemberName("quality")]
    Quality,

    /// <summary>Neither sound nor picture has come from them for 20 s.</summary>
    [JsonStringEnumMemberName("noMedia")]
    NoMedia,

    /// <summary>Their microphone is on, and nothing but digital silence comes from it.</summary>
    [JsonStringEnumMemberName("silentMicrophone")]
    SilentMicrophone,

    /// <summary>Their camera is on, and no picture comes from it although sound does.</summary>
    [JsonStringEnumMemberName("frozenCamera")]
    FrozenCamera,
}
