{{/* The name of an object of a role: dict "root" "role". */}}
{{- define "clicktide.name" -}}
{{ .root.Release.Name | trunc 40 | trimSuffix "-" }}-{{ .role }}
{{- end }}

{{/* The labels that select the pods of a role. */}}
{{- define "clicktide.selector" -}}
app.kubernetes.io/name: clicktide
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "clicktide.labels" -}}
{{ include "clicktide.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* The roles with a data folder that outlives a pod, as they send clicks that Kafka may not have acknowledged. */}}
{{- define "clicktide.isStateful" -}}
{{- if has .role (list "redirect" "ingest") }}true{{ end }}
{{- end }}

{{/* Roles whose number of pods changes with the load. */}}
{{- define "clicktide.isScaled" -}}
{{- if or .values.autoscaling.enabled (and .root.Values.keda.enabled (eq .role "aggregation")) }}true{{ end }}
{{- end }}

{{/* The pod of a role, or of the migration: dict "root" "role" "values" "arguments". */}}
{{- define "clicktide.pod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "clicktide.labels" . | nindent 4 }}
  annotations:
    checksum/settings: {{ $root.Values.settings | toJson | sha256sum }}
    {{- with $root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ $root.Release.Name }}-clicktide
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  {{- if .isService }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "clicktide.selector" . | nindent 10 }}
  {{- else }}
  restartPolicy: Never
  {{- end }}
  containers:
    - name: clicktide
      image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}"
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: {{ .arguments | toJson }}
      envFrom:
        - configMapRef: {name: {{ $root.Release.Name }}-clicktide}
      env:
        {{- range $setting, $file := $root.Values.secrets.files }}
        - {name: {{ $setting }}, value: /etc/clicktide/secrets/{{ $file }}}
        {{- end }}
        {{- range $setting, $value := .values.settings }}
        - {name: {{ $setting }}, value: {{ $value | quote }}}
        {{- end }}
        {{- if .isService }}
        - {name: CLICKTIDE_JOURNAL, value: /journal}
        {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      {{- if .isService }}
      ports:
        {{- if eq .role "redirect" }}
        - {name: links, containerPort: 8080}
        {{- else if ne .role "aggregation" }}
        - {name: api, containerPort: 8081}
        {{- end }}
        - {name: management, containerPort: 8082}
      # Until the stores are reached, a process is alive and not ready.
      startupProbe:
        httpGet: {path: /health/live, port: management}
        periodSeconds: 2
        failureThreshold: 60
      # A stopping process is not ready before it closes its ports.
      readinessProbe:
        httpGet: {path: /health/ready, port: management}
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: 1
      livenessProbe:
        httpGet: {path: /health/live, port: management}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- end }}
      volumeMounts:
        - {name: data, mountPath: /data}
        - {name: tmp, mountPath: /tmp}
        - {name: secrets, mountPath: /etc/clicktide/secrets, readOnly: true}
        {{- if .isService }}
        - {name: journal, mountPath: /journal}
        {{- end }}
        {{- with $root.Values.authorities }}
        - {name: authorities, mountPath: /etc/clicktide/authorities, readOnly: true}
        {{- end }}
  volumes:
    {{- if not (and .isService (include "clicktide.isStateful" .)) }}
    - {name: data, emptyDir: {}}
    {{- end }}
    - {name: tmp, emptyDir: {sizeLimit: 256Mi}}
    - name: secrets
      secret: {secretName: {{ $root.Values.secrets.name }}}
    {{- if .isService }}
    # It outlives a process, and so do the clicks of its journals. It ends with the pod.
    - name: journal
      emptyDir: {medium: Memory, sizeLimit: {{ .values.journalSize | default "16Mi" }}}
    {{- end }}
    {{- with $root.Values.authorities }}
    - name: authorities
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
