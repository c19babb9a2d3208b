{{/* What all pods have in common. */}}

{{- define "vaarta.name" -}}
{{ contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Takes (list $ COMPONENT): what finds its pods. */}}
{{- define "vaarta.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Takes (list $ COMPONENT). */}}
{{- define "vaarta.labels" -}}
{{- $root := index . 0 -}}
{{ include "vaarta.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{- define "vaarta.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ empty .digest | ternary (printf ":%s" (default $.Chart.AppVersion .tag)) (printf "@%s" .digest) }}
{{- end }}
{{- end }}

{{/* A pod's part above its containers. Without serviceLinks, or a Service called `api` or `agent`
would set API_PORT or AGENT_PORT. */}}
{{- define "vaarta.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{/* A container's part below its command. Numbers are as in JSON: 1000000 and not 1e+06. */}}
{{- define "vaarta.container" -}}
image: {{ include "vaarta.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
envFrom:
  - secretRef:
      name: {{ .Values.existingSecret }}
env:
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
  {{- end }}
  {{- if .Values.catalogConfigMap }}
  - name: CATALOG_FILE
    value: /etc/vaarta/catalog.toml
  {{- end }}
{{- end }}

{{- define "vaarta.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.catalogConfigMap }}
- name: catalog
  mountPath: /etc/vaarta
  readOnly: true
{{- end }}
{{- end }}

{{/* In memory: the processes of a pod count there together. */}}
{{- define "vaarta.volumes" -}}
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 128Mi
{{- with .Values.catalogConfigMap }}
- name: catalog
  configMap:
    name: {{ . }}
{{- end }}
{{- end }}

{{/* What workers put there the API gives away: one volume, or a bucket that settings name. */}}
{{- define "vaarta.recordings" -}}
- name: recordings
  {{- if .Values.recordingsClaim }}
  persistentVolumeClaim:
    claimName: {{ .Values.recordingsClaim }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}

{{/* Takes (list $ COMPONENT): the loss of a zone or node takes as few as can be. */}}
{{- define "vaarta.spread" -}}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- include "vaarta.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
